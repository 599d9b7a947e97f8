"""What the document says about an operation beyond its view: text, errors, headers, examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.common.exceptions import DomainError

Json = Any  # Any: JSON of every shape
Node = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ErrorDoc:
    """A refusal with a sub-code of its own, and an example of its `properties`."""

    error: type[DomainError]
    properties: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationDoc:
    """One operation. What follows from its view (path, body, success) is not repeated here."""

    tag: str
    summary: str
    description: str = ""
    # Errors that only some operations give; `config.openapi.responses` adds what all give.
    errors: tuple[ErrorDoc, ...] = ()
    request_example: Json = None
    answer_example: Json = None
    # Headers of the success beyond those that every answer has; names of `components.HEADERS`.
    answer_headers: tuple[str, ...] = ()
    # Further successes by status: what each says, and its headers; they have no body.
    other_answers: Mapping[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    # Boolean query parameters by name.
    query_flags: Mapping[str, str] = field(default_factory=dict)
    # Date-times that the query must give, by name.
    query_times: Mapping[str, str] = field(default_factory=dict)
    honours_if_match: bool = False
    # Takes `Idempotency-Key` (rule D10).
    is_retry_safe: bool = False
