"""What the services of lists refuse."""

from config.common.exceptions import BadRequest, Conflict, NotFound


class ListNotFound(NotFound):
    """No list has this id."""


class ListItemNotFound(NotFound):
    """No list item has this id."""


class ListDataInvalid(BadRequest):
    """Key, labels, parent, position or custom attributes break a rule of one row.

    `properties.errors` maps field names to messages, never to values.
    """


class ListKeyTaken(Conflict):
    """Another list, or another item of the same list, has this key."""
