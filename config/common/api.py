"""The base of every REST view: the order of checks (F5), and nothing that a request does not need.

DRF's routing and error handling stay; negotiation, parsers, throttles and permission objects per
request do not, because they cost more than a whole read.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, NoReturn

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.views import APIView

from config.common.access import require_access
from config.common.actors import Actor
from config.common.deprecation import mark_deprecated
from config.common.exceptions import (
    BadRequest,
    FieldError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    UnsupportedMediaType,
    fields_error,
)
from config.common.idempotency import Ride, fingerprint_of, parse_key, run_once
from config.common.json import dumps, parse_strict
from config.common.language import resolve_language
from config.common.registry import Slot
from config.common.serializers import StrictSerializer
from config.common.tokens import Credentials, verify

ACTOR_RESOLVER: Slot[Callable[[Credentials], Actor]] = Slot("the actor of a token")

_JSON_TYPE = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?\s*', re.ASCII | re.IGNORECASE)
_ACCEPTABLE = re.compile(r"(\*/\*|application/(\*|json))\s*(;|,|$)", re.ASCII | re.IGNORECASE)
_ENTITY_TAGS = re.compile(r'\s*(W/)?"[^"]*"\s*(,\s*(W/)?"[^"]*"\s*)*', re.ASCII)
_VERSION_TAG = re.compile(r'(?<!W/)"([1-9][0-9]{0,9})"', re.ASCII)


class Output(NamedTuple):
    """What an operation answers when it succeeds; None is an answer without a body."""

    serializer: type[StrictSerializer] | None
    status: int = 200


NO_CONTENT = Output(None, 204)


class ApiView(APIView):
    """Declare `operations` (method → operationId), `inputs` (method → serializer of the body) and
    `outputs` (method → what it answers). The outputs only document; the rest of an operation's
    documentation is in `config.openapi.operations`. A method in `successors` is deprecated: there
    stands the address to use instead, with path parameters in braces (F4).

    When a handler runs, `self.actor` is the caller, allowed by the access matrix, and
    `self.language` the language of the answer. What is checked before, in this order (F5): token,
    method, media type and size of the body, permission.
    """

    operations: ClassVar[Mapping[str, str]] = {}
    inputs: ClassVar[Mapping[str, type[StrictSerializer]]] = {}
    outputs: ClassVar[Mapping[str, Output]] = {}
    successors: ClassVar[Mapping[str, str]] = {}
    body_limit: ClassVar[int] = settings.MAX_BODY_BYTES
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    actor: Actor
    language: str = settings.LANGUAGE_CODE

    # --- The order of checks -------------------------------------------------------------------
    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:  # Any: DRF's
        """DRF's request without parsers and authenticators: the view reads what it needs."""
        return Request(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # Any: DRF's signature
        """Everything that is checked before the handler runs."""
        meta = request.META
        self.language = resolve_language(
            request.GET.get("language"), meta.get("HTTP_ACCEPT_LANGUAGE")
        )
        self.resolve_caller(_credentials(meta.get("HTTP_AUTHORIZATION")), **kwargs)
        method = "get" if request.method == "HEAD" else (request.method or "").lower()
        operation = self.operations.get(method)
        if operation is None:
            raise MethodNotAllowed(headers={"Allow": ", ".join(self.allowed_methods)})
        request._request.operation = operation  # type: ignore[attr-defined]  # for the access log
        _require_acceptable(meta.get("HTTP_ACCEPT"))
        if method not in ("get", "delete"):
            # A body that no handler reads is still read for the fingerprint of a retry (D10).
            _require_size(meta, self.body_limit)
        if method in self.inputs:
            _require_json_body(meta)
        require_access(self.actor, operation)

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """Set `self.actor`; views of a contact read the contact with the same statement."""
        self.actor = ACTOR_RESOLVER.get()(credentials)

    @property
    def allowed_methods(self) -> list[str]:
        """What `Allow` names."""
        return [method.upper() for method in self.operations]

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: answers carry what `finalize_response` adds."""
        return {}

    def finalize_response(  # type: ignore[override]  # any answer will do, not only DRF's
        self,
        request: Request,
        response: HttpResponse,
        *args: Any,  # Any: DRF's signature
        **kwargs: Any,  # Any: DRF's signature
    ) -> HttpResponse:
        """Name the language that was answered in (Q3), and what replaces the operation (F4)."""
        response.headers["Content-Language"] = self.language
        patch_vary_headers(response, ("Accept-Language",))
        successor = self.successors.get((request.method or "").lower())
        if successor is not None and response.status_code < 400:
            mark_deprecated(response, successor, self.kwargs)
        return response

    # --- What handlers use ---------------------------------------------------------------------
    def body(self) -> dict[str, Any]:  # Any: by field
        """The members of the request's body by their Python names. Raises BadRequest."""
        serializer = self.inputs[(self.request.method or "").lower()]
        return serializer.parse(parse_strict(self.raw_body))

    @cached_property
    def raw_body(self) -> bytes:
        """The bytes of the body, at most `body_limit`: `initial` has seen to that. Django's own
        `request.body` has one limit for everything, that of the forms of pages.
        """
        return self.request._request.read()

    def flag(self, name: str) -> bool:
        """A boolean query parameter: `true`, `false` or absent. Raises BadRequest."""
        value = self.request.GET.get(name, "false")
        if value not in ("true", "false"):
            raise fields_error(FieldError(name, "Invalid", "The value must be true or false."))
        return value == "true"

    def expected_versions(self) -> Collection[int] | None:
        """The versions that `If-Match` names; None when it is absent or `*` (D9, RFC 9110).

        Tags that are weak or not ours match nothing. Raises BadRequest for what is no tag.
        """
        header = self.request.META.get("HTTP_IF_MATCH")
        if header is None or header.strip() == "*":
            return None
        if not _ENTITY_TAGS.fullmatch(header):
            raise BadRequest("If-Match must be * or a list of entity tags.")
        return {int(version) for version in _VERSION_TAG.findall(header)}

    def idempotency_key(self) -> str | None:
        """The request's `Idempotency-Key` (D10). Raises BadRequest for a malformed one."""
        return parse_key(self.request.META.get("HTTP_IDEMPOTENCY_KEY"))

    def once(
        self,
        action: Callable[[], HttpResponse],
        *keys: str | None,
        at_once: Callable[[Ride | None], HttpResponse | None] | None = None,
        check_replay: Callable[[HttpResponse], None] | None = None,
    ) -> HttpResponse:
        """Run a write so that a retry with one of the keys gets its first answer again (D10).

        Reach is checked before, or by `check_replay`, which raises where an answer that is stored
        is not for the caller any more; without one `require_replayable` decides. `at_once` is
        tried first; see `run_once`. Without keys nothing rides along.
        """
        named = [key for key in keys if key is not None]
        if not named:
            response = at_once(None) if at_once else None
            return action() if response is None else response
        fingerprint = fingerprint_of(
            self.request.method or "", self.request.get_full_path(), self.raw_body
        )
        return run_once(
            caller=self.actor.caller,
            keys=named,
            fingerprint=fingerprint,
            action=action,
            at_once=at_once,
            check_replay=check_replay or self.require_replayable,
        )

    def require_replayable(self, response: HttpResponse) -> None:
        """Raise where a stored answer must not be given again; by default it may."""


class UnknownRouteView(ApiView):
    """Addresses below the API's prefixes that no operation has: 401 comes before 404 (F5)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:  # Any: DRF's
        """Known callers learn that there is nothing here."""
        self.resolve_caller(_credentials(request.META.get("HTTP_AUTHORIZATION")))
        raise NotFound


def json_answer(data: object, *, status: int = 200, version: int | None = None) -> HttpResponse:
    """A JSON answer; `version` is the version of details that the ETag names (D9)."""
    return raw_json_answer(dumps(data), status=status, version=version)


def raw_json_answer(text: bytes, *, status: int = 200, version: int | None = None) -> HttpResponse:
    """An answer whose JSON text exists already."""
    response = HttpResponse(text, status=status, content_type="application/json")
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    return response


def no_content() -> HttpResponse:
    """204, without a body or its headers."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response


def _credentials(header: str | None) -> Credentials:
    """What the bearer token says (RFC 6750). Raises Unauthorized."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized
    return verify(token.strip())


def _require_acceptable(accept: str | None) -> None:
    """Refuse only an `Accept` that JSON cannot satisfy."""
    if accept and accept != "*/*" and not _ACCEPTABLE.search(accept):
        raise NotAcceptable


def _require_size(meta: Mapping[str, Any], limit: int) -> None:  # Any: WSGI values
    """Refuse a body that is too large before it is read (F3)."""
    if "HTTP_TRANSFER_ENCODING" in meta:
        raise BadRequest("The body must come with its Content-Length, not in chunks.")
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise BadRequest("Content-Length is not a number.")
    if int(length) > limit:
        raise PayloadTooLarge(f"The body may have at most {limit} bytes.")


def _require_json_body(meta: Mapping[str, Any]) -> None:  # Any: WSGI values
    """Refuse a body that is not JSON in UTF-8 before it is read."""
    if not _JSON_TYPE.fullmatch(meta.get("CONTENT_TYPE") or ""):
        raise UnsupportedMediaType
    if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be encoded.")
