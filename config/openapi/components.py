"""Components that operations share: the error, parameters, headers and common answers."""

from collections.abc import Iterable

from config.common.exceptions import BadRequest, DomainError, ErrorKind, FieldError
from config.openapi.model import ErrorDoc, Json, Node

CORRELATION_ID = "7f0c9a3e5b1d4c6f8a2e0b9d3c5f7a1e"


def ref(kind: str, name: str) -> Node:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def error_example(error: type[DomainError], properties: Json = None) -> Node:
    """What `ApiError` looks like for `error`."""
    example: Node = {
        "code": error.kind.code,
        "subCode": error.sub_code,
        "message": error.default_message,
        "correlationId": CORRELATION_ID,
    }
    return example if properties is None else {**example, "properties": properties}


SCHEMAS: Node = {
    "ErrorCode": {
        "type": "string",
        "enum": [kind.code for kind in ErrorKind],
        "description": "The kind of failure; each belongs to one status.",
    },
    "ApiError": {
        "type": "object",
        "description": "Every failed request is answered with it.",
        "properties": {
            "code": ref("schemas", "ErrorCode"),
            "subCode": {
                "type": "string",
                "description": "The reason as a stable name; NA where there is none.",
            },
            "message": {
                "type": "string",
                "description": "A text for people. It never repeats a value that was sent.",
            },
            "correlationId": {
                "type": "string",
                "pattern": "^[0-9a-f]{32}$",
                "description": "Names the request in the logs; also in X-Correlation-ID.",
            },
            "properties": {
                "type": ["object", "null"],
                "additionalProperties": True,
                "description": "Details by sub-code; errors lists every FieldError of a request.",
            },
        },
        "required": ["code", "subCode", "message", "correlationId"],
    },
    "FieldError": {
        "type": "object",
        "description": "One entry of properties.errors.",
        "properties": {
            "path": {"type": "string", "description": "Dotted; rows by index from 0."},
            "code": {"type": "string", "description": "What is wrong, as a stable name."},
            "message": {"type": "string"},
        },
        "required": ["path", "code", "message"],
    },
}

PARAMETERS: Node = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "schema": {"type": "string"},
        "description": "ISO 639-1 language of localizable data. Unknown languages fall back.",
        "example": "de-CH, en;q=0.8",
    },
    "Language": {
        "name": "language",
        "in": "query",
        "schema": {"type": "string"},
        "description": "The same as a query parameter; wins over the header.",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "description": (
            "Makes a retry safe: for 24 hours the same request of the same caller gets the first "
            "answer again, any other request with the key 409 IdempotencyKeyReused."
        ),
        "example": "b2f6c0de-order-17",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "The ETag that the change is based on; any other version answers 412.",
        "example": '"3"',
    },
}


def _text_header(description: str, example: str) -> Node:
    return {"description": description, "schema": {"type": "string"}, "example": example}


HEADERS: Node = {
    "X-Correlation-ID": _text_header("Names the request in the logs.", CORRELATION_ID),
    "Content-Language": _text_header("The language that was answered in.", "en"),
    "ETag": _text_header("The version of the details; flags do not move it.", '"3"'),
    "Location": _text_header("The address of what was created.", "/v1.0/contacts/17/details"),
    "Idempotency-Replayed": _text_header("true when the answer is a stored one.", "true"),
    "Retry-After": _text_header("Seconds to wait before a retry.", "5"),
    "WWW-Authenticate": _text_header("The challenge of RFC 6750.", "Bearer"),
    "Deprecation": _text_header("Since when the operation is deprecated.", "@1767225600"),
    "Link": _text_header("The operation to use instead, as successor-version.", "</v1.1>"),
}

SECURITY_SCHEMES: Node = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of POST /connect/token.",
    }
}

# Error statuses with a header of their own.
_ERROR_HEADERS = {
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
_FIELD_ERROR = FieldError("pageSize", "Range", "pageSize must be between 0 and 200.")
FIELDS_INVALID = ErrorDoc(BadRequest, {"errors": [_FIELD_ERROR.as_json()]})


def headers(names: Iterable[str]) -> Node:
    """The headers of an answer, by reference; every answer names its request."""
    return {name: ref("headers", name) for name in ("X-Correlation-ID", *names)}


def error_response(description: str, status: int, examples: Node) -> Node:
    """An answer with an ApiError; `examples` are bodies by name."""
    return {
        "description": description,
        "headers": headers(_ERROR_HEADERS.get(status, ())),
        "content": {
            "application/json": {
                "schema": ref("schemas", "ApiError"),
                "examples": {name: {"value": value} for name, value in examples.items()},
            }
        },
    }


def common_response(error: type[DomainError]) -> Node:
    """The answer with a status that has no sub-codes at an operation."""
    name = error.kind.code
    return error_response(error.default_message, error.kind.status, {name: error_example(error)})
