"""Calls of the API: JSON in, a Django response out, each held against the committed document."""

import json
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from tests.contract.conformance import ConformingClient

JSON = "application/json"


class Api:
    """The API with one caller's token. Headers go by their names (`If_Match='"1"'`)."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self._client = ConformingClient()

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **headers)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Any method; a body that is bytes goes out as it is, None is no body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, bytes) else b"" if body is None else _text(body)
        content_type = named.pop("Content-Type", JSON if body is not None else "")
        return self._client.generic(method, path, data, content_type, headers=named)


def details_path(contact_id: int) -> str:
    return f"/v1.0/contacts/{contact_id}/details"


def request_path(
    contact_id: int, request_id: int, action: str | None = None, *, version: str = "v1.1"
) -> str:
    """`action` is `review` or `cancel`; None reads the request."""
    path = f"contacts/{contact_id}/change-requests/{request_id}"
    return f"/v1.0/{path}/{action}" if action else f"/{version}/{path}"


def history_path(contact_id: int, version: str = "v1.1") -> str:
    return f"/{version}/contacts/{contact_id}/details/change-history/search"


def past_path(contact_id: int, moment: str) -> str:
    return f"/v1.1/contacts/{contact_id}/details?asOf={quote(moment)}"


def pending_path(contact_id: int, version: str = "v1.1") -> str:
    return f"/{version}/contacts/{contact_id}/pending-change-request/check"


def search_path() -> str:
    return "/v1.0/contacts/change-requests/search"


def member_search_path(member_id: int) -> str:
    return f"/v1.0/members/{member_id}/contacts/change-requests/search"


def verification_path(contact_id: int, action: str) -> str:
    """`action` is `verify`, `resend` or `discontinue`."""
    return f"/v1.0/contacts/{contact_id}/communication-verification/{action}"


def members_path(contact_id: int) -> str:
    return f"/v1.1/contacts/{contact_id}/members"


def picture_path(contact_id: int) -> str:
    return f"/v1.0/contacts/{contact_id}/profile-picture"


def username_path(contact_id: int) -> str:
    return f"/v1.0/contacts/{contact_id}/username"


def connections_path(contact_id: int) -> str:
    return f"/v1.0/contacts/{contact_id}/external-connections"


def connection_path(system: str, external_id: str) -> str:
    return f"/v1.0/contacts/external-connections/{quote(system)}/{quote(external_id, safe='')}"


def _text(body: Any) -> bytes:
    return json.dumps(body).encode()
