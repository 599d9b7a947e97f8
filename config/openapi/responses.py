"""Which statuses an operation can give (rule F2), and what it says about each."""

from itertools import groupby

from config.common.exceptions import (
    BadRequest,
    DomainError,
    Forbidden,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    ServiceUnavailable,
    Unauthorized,
    Unprocessable,
    UnsupportedMediaType,
)
from config.common.idempotency import IdempotencyKeyReused, RequestInProgress
from config.openapi.components import (
    FIELDS_INVALID,
    common_response,
    error_example,
    error_response,
    ref,
)
from config.openapi.model import ErrorDoc, Node, OperationDoc

# The contract documents 400, 401, 403, 404, 422 and 500 for every operation.
_ALWAYS: tuple[type[DomainError], ...] = (
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    NotAcceptable,
    Unprocessable,
    DomainError,
    ServiceUnavailable,
)
_READING_BODY: tuple[type[DomainError], ...] = (PayloadTooLarge,)
_WITH_BODY: tuple[type[DomainError], ...] = (*_READING_BODY, UnsupportedMediaType)
_RETRIES = (ErrorDoc(IdempotencyKeyReused), ErrorDoc(RequestInProgress))

RESPONSES: Node = {error.kind.code: common_response(error) for error in (*_ALWAYS, *_WITH_BODY)}


def error_responses(doc: OperationDoc, *, has_body: bool) -> Node:
    """The error answers of an operation by status."""
    specific = (*doc.errors, *(_RETRIES if doc.is_retry_safe else ()))
    # A retry is told by its body, also where the operation has none.
    reading = _READING_BODY if doc.is_retry_safe else ()
    common = (*_ALWAYS, *(_WITH_BODY if has_body else reading))
    answers = {str(error.kind.status): ref("responses", error.kind.code) for error in common}
    for status, errors in groupby(sorted(specific, key=_status), key=_status):
        general = [error for error in common if error.kind.status == status]
        answers[str(status)] = _specific_response(status, general, list(errors))
    return dict(sorted(answers.items()))


def _status(doc: ErrorDoc) -> int:
    return doc.error.kind.status


def _specific_response(
    status: int, general: list[type[DomainError]], errors: list[ErrorDoc]
) -> Node:
    """A status with sub-codes: each in the description, each with an example."""
    lines = [error.default_message for error in general]
    lines += [_line(doc.error) for doc in errors]
    examples = {error.kind.code: _general_example(error) for error in general}
    examples |= {_name(doc.error): error_example(doc.error, doc.properties) for doc in errors}
    return error_response("\n\n".join(lines), status, examples)


def _name(error: type[DomainError]) -> str:
    """The sub-code, the code where no rule names one (F1)."""
    return error.kind.code if error.sub_code == DomainError.sub_code else error.sub_code


def _line(error: type[DomainError]) -> str:
    name = _name(error)
    return error.default_message if name == error.kind.code else f"{name}: {error.default_message}"


def _general_example(error: type[DomainError]) -> Node:
    return error_example(error, FIELDS_INVALID.properties if error is BadRequest else None)
