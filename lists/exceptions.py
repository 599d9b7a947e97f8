"""What the services of lists refuse."""

from collections.abc import Collection

from config.common.exceptions import BadRequest, Conflict, FieldError, NotFound


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


class ListChanged(Conflict):
    """The list is not any more what the edit was made on."""

    default_message = "The list was changed by somebody else meanwhile. Look at it again."


class ListFileInvalid(BadRequest):
    """A file with items cannot be read, or holds entries that are refused."""


class ListImportNotFound(NotFound):
    """Nothing is prepared under this id for this member."""


class ListsUnknown(BadRequest):
    """A body names lists that do not exist (S7)."""

    def __init__(self, positions: Collection[int]) -> None:
        errors = [
            FieldError(f"listKeys[{index}]", "Unknown", "There is no such list.").as_json()
            for index in positions
        ]
        super().__init__("The body names unknown lists.", properties={"errors": errors[:100]})
