"""Errors that services raise and that every surface turns into the same answer (rules F1, F2).

A service raises a subclass of `DomainError`; the class decides the HTTP status and the contract's
code. Messages never contain a value that a client sent, only names and paths (rule F1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class ErrorKind(Enum):
    """The contract's `ErrorCode`s with the status that each of them means."""

    BAD_REQUEST = (400, "BadRequest")
    UNAUTHORIZED = (401, "Unauthorized")
    FORBIDDEN = (403, "Forbidden")
    NOT_FOUND = (404, "NotFound")
    METHOD_NOT_ALLOWED = (405, "MethodNotAllowed")
    NOT_ACCEPTABLE = (406, "NotAcceptable")
    CONFLICT = (409, "Conflict")
    GONE = (410, "Gone")
    PRECONDITION_FAILED = (412, "PreconditionFailed")
    PAYLOAD_TOO_LARGE = (413, "PayloadTooLarge")
    UNSUPPORTED_MEDIA_TYPE = (415, "UnsupportedMediaType")
    UNPROCESSABLE_ENTITY = (422, "UnprocessableEntity")
    TOO_MANY_REQUESTS = (429, "TooManyRequests")
    SERVICE_UNAVAILABLE = (503, "ServiceUnavailable")
    GENERAL = (500, "General")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def code(self) -> str:
        """The contract's name, `ApiError.code`."""
        return self.value[1]


class DomainError(Exception):
    """A refusal or failure with a kind, a stable sub-code and a text for people.

    Subclasses set `kind`, `sub_code` and `default_message`. `properties` go into the answer as
    they are (JSON values only); `headers` are response headers such as `Retry-After`.
    """

    kind: ErrorKind = ErrorKind.GENERAL
    sub_code: str = "NA"
    default_message: str = "The request could not be processed."

    def __init__(
        self,
        message: str | None = None,
        *,
        properties: Mapping[str, Any] | None = None,  # Any: JSON values
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.properties = properties
        self.headers: Mapping[str, str] = headers or {}
        super().__init__(self.message)


class BadRequest(DomainError):
    """Malformed or invalid."""

    kind = ErrorKind.BAD_REQUEST
    default_message = "The request is not valid."


class Unauthorized(DomainError):
    """No token, or one that does not count. Always answers with a `WWW-Authenticate` challenge."""

    kind = ErrorKind.UNAUTHORIZED
    default_message = "A valid access token is required."

    def __init__(
        self,
        message: str | None = None,
        *,
        properties: Mapping[str, Any] | None = None,  # Any: JSON values
        headers: Mapping[str, str] | None = None,
    ) -> None:
        challenge = {"WWW-Authenticate": "Bearer"}
        super().__init__(message, properties=properties, headers={**challenge, **(headers or {})})


class Forbidden(DomainError):
    """Known caller, but the operation is not allowed to it."""

    kind = ErrorKind.FORBIDDEN
    default_message = "The caller may not do this."


class NotFound(DomainError):
    """Absent or out of reach; the two are never told apart (rule A2)."""

    kind = ErrorKind.NOT_FOUND
    default_message = "Not found."


class MethodNotAllowed(DomainError):
    """The route exists, the method does not. Pass `Allow` in `headers`."""

    kind = ErrorKind.METHOD_NOT_ALLOWED
    default_message = "The method is not allowed here."


class NotAcceptable(DomainError):
    """None of the accepted media types can be produced."""

    kind = ErrorKind.NOT_ACCEPTABLE
    default_message = "Only application/json can be answered."


class Conflict(DomainError):
    """The state of the target, or another request, stands against it."""

    kind = ErrorKind.CONFLICT
    default_message = "The request conflicts with the current state."


class Gone(DomainError):
    """It existed and is not coming back."""

    kind = ErrorKind.GONE
    default_message = "No longer available."


class PreconditionFailed(DomainError):
    """`If-Match` names another version."""

    kind = ErrorKind.PRECONDITION_FAILED
    default_message = "The precondition does not hold."


class PayloadTooLarge(DomainError):
    """The body exceeds the operation's limit (rule F3)."""

    kind = ErrorKind.PAYLOAD_TOO_LARGE
    default_message = "The body is too large."


class UnsupportedMediaType(DomainError):
    """The body's media type, charset or encoding is not one the operation takes."""

    kind = ErrorKind.UNSUPPORTED_MEDIA_TYPE
    default_message = "The body must be application/json in UTF-8."


class Unprocessable(DomainError):
    """Well-formed, but a state or rule refuses it."""

    kind = ErrorKind.UNPROCESSABLE_ENTITY
    default_message = "A rule refuses the request."


class TooManyRequests(DomainError):
    """Throttled. Give the seconds to wait as `Retry-After` in `headers`."""

    kind = ErrorKind.TOO_MANY_REQUESTS
    default_message = "Too many requests."


class ServiceUnavailable(DomainError):
    """A part is away for the moment. Give the seconds to wait as `Retry-After` in `headers`."""

    kind = ErrorKind.SERVICE_UNAVAILABLE
    default_message = "The service is temporarily unavailable."


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong member: its path, a stable code and a message without the value."""

    path: str
    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        """The form it has in `properties.errors`."""
        return {"path": self.path, "code": self.code, "message": self.message}


def fields_error(*errors: FieldError) -> BadRequest:
    """A `BadRequest` that lists what is wrong with which member of the body or the query."""
    return BadRequest(properties={"errors": [error.as_json() for error in errors]})
