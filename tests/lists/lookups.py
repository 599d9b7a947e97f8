"""Lookups on the API, and what they answer."""

import json

from tests.factories.api import Api

ITEMS = "/v1.0/lists/items"


def search(api: Api, body: dict[str, object] | None = None, key: str = "colours", **headers: str):
    return api.post(f"/v1.0/lists/{key}/search", body or {}, **headers)


def keys(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["key"] for item in json.loads(answer.content)["items"]]


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    body = json.loads(answer.content)
    return [(each["path"], each["code"]) for each in body["properties"]["errors"]]
