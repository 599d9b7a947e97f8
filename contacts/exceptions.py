"""Errors of contacts and their details."""

from collections.abc import Iterable
from itertools import islice

from config.common.exceptions import (
    BadRequest,
    Conflict,
    Gone,
    PreconditionFailed,
    TooManyRequests,
    Unprocessable,
)
from crmschema.validation import DetailError

MAX_ERRORS = 100


class DetailsInvalid(BadRequest):
    """Details that the schema refuses; `properties["errors"]` lists them all (D2)."""

    sub_code = "DetailsInvalid"
    default_message = "The details are not valid."

    @classmethod
    def of(cls, errors: Iterable[DetailError]) -> "DetailsInvalid":
        """The error that lists `errors`."""
        return cls(properties=error_properties(errors))


class DetailsNoLongerValid(Unprocessable):
    """Details that were valid when they were submitted, but no longer are (C6)."""

    sub_code = "DetailsInvalid"
    default_message = "The schema no longer accepts the requested details."

    @classmethod
    def of(cls, errors: Iterable[DetailError]) -> "DetailsNoLongerValid":
        """The error that lists `errors`."""
        return cls(properties=error_properties(errors))


class StaleDetails(PreconditionFailed):
    """`If-Match` names another version of the details (D9)."""

    sub_code = "StaleDetails"
    default_message = "The details have changed since they were read."


class ContactAnonymized(Conflict):
    """A write to a contact whose personal data is gone (N3)."""

    sub_code = "ContactAnonymized"
    default_message = "The contact is anonymised."


class RetentionActive(Conflict):
    """Contacts that must be kept for a time yet; `properties["contactIds"]` names them (N5)."""

    sub_code = "RetentionActive"
    default_message = "Contacts must be kept for a time yet."


class DetailsErased(Gone):
    """Details of a time before the contact was anonymised: their values are gone for good (N2)."""

    sub_code = "DetailsErased"
    default_message = "The details of that time have been erased."


class UsernameNotUnique(Unprocessable):
    """Another contact has the username, however it is written (U1)."""

    sub_code = "UsernameNotUnique"
    default_message = "The username is taken."


class UsernameCoupled(Conflict):
    """The username is the primary email, and changes with it alone (U2)."""

    sub_code = "UsernameCoupled"
    default_message = "The username is the primary email of the contact; change that."


class ExternalIdNotUnique(Conflict):
    """Another contact has the external id, in whatever system (X1)."""

    sub_code = "ExternalIdNotUnique"
    default_message = "The external id belongs to another contact."


class DefaultIdExists(Conflict):
    """The contact has another id under the system that imports use (X2)."""

    sub_code = "DefaultIdExists"
    default_message = "The contact has another external id of the system Default."


class KeyNoMatch(Unprocessable):
    """A wrong key, also where nothing waits for one (V4)."""

    sub_code = "KeyNoMatch"
    default_message = "The key does not match."


class KeyExpired(Unprocessable):
    """The key's time is over, or its attempts are used up (V4)."""

    sub_code = "KeyExpired"
    default_message = "The key is no longer valid."


class NothingPending(Unprocessable):
    """No value waits on the channel (V3)."""

    sub_code = "NothingPending"
    default_message = "Nothing waits for verification on this channel."


class TooManyKeys(TooManyRequests):
    """More keys than V2 and V3 allow, for now."""

    default_message = "Too many keys were asked for; try again later."


def error_properties(errors: Iterable[DetailError]) -> dict[str, list[dict[str, str]]]:
    """The `properties` of an ApiError that lists errors of details (D2): the first hundred, which
    is more than anyone reads at once.
    """
    return {
        "errors": [
            {"path": error.path, "code": error.code, "message": error.message}
            for error in islice(errors, MAX_ERRORS)
        ]
    }
