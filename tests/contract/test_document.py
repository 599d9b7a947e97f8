"""The document itself: committed, complete, and its examples true."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve

from config.common.access import ACCESS, Access
from config.common.routes import api_routes
from config.openapi.committed import COMMITTED, committed_document
from config.openapi.document import build_document, render
from config.openapi.operations import OPERATIONS
from config.openapi.schema import access_text, path_parameters
from tests.contract.conformance import resolved, validator

DOCUMENT = committed_document()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            yield operation["operationId"], operation


def media_types() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of a request or answer, by where it is."""
    for name, operation in operations():
        if "requestBody" in operation:
            yield f"{name} request", operation["requestBody"]["content"]["application/json"]
        for status, answer in operation["responses"].items():
            for media in resolved(answer).get("content", {}).values():
                yield f"{name} {status}", media


def test_committed_document_is_the_generated_one() -> None:
    assert json.loads(render(build_document())) == DOCUMENT


def test_check_passes_on_the_committed_document(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("openapi", "--check")

    assert capsys.readouterr().out == "openapi.json is up to date.\n"


def test_check_shows_what_has_drifted(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed["info"]["title"] = "Another title"
    path = tmp_path / "openapi.json"
    path.write_text(render(changed))
    monkeypatch.setattr("config.management.commands.openapi.COMMITTED", path)

    with pytest.raises(CommandError) as error:
        call_command("openapi", "--check")

    text = str(error.value)
    assert '-    "title": "Another title",' in text
    assert '+    "title": "Client services",' in text
    assert text.endswith("Run `manage.py openapi` and commit the file.")
    assert json.loads(path.read_text()) == changed


def test_check_fails_without_a_committed_document(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("config.management.commands.openapi.COMMITTED", tmp_path / "none.json")

    with pytest.raises(CommandError, match="more lines"):
        call_command("openapi", "--check")

    assert not (tmp_path / "none.json").exists()


def test_command_writes_the_document(tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "openapi.json"
    monkeypatch.setattr("config.management.commands.openapi.COMMITTED", path)

    call_command("openapi")

    assert path.read_bytes() == COMMITTED.read_bytes()
    assert capsys.readouterr().out == "openapi.json is written.\n"


def test_ambiguous_component_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "config.openapi.schema.ApiSchema.get_serializer_name", lambda *_: "OneNameForAll"
    )

    with pytest.raises(RuntimeError, match="ambiguous"):
        build_document()


def test_every_operation_is_described_once() -> None:
    assert {name for name, _ in operations()} == set(OPERATIONS)
    for name, operation in operations():
        assert operation["summary"], name
        assert access_text(name) in operation["description"], name


@pytest.mark.parametrize(("where", "media"), list(media_types()))
def test_examples_satisfy_their_schemas(where: str, media: dict[str, Any]) -> None:
    examples = media.get("examples") or {"only": {"value": media["example"]}}

    for name, example in examples.items():
        errors = list(validator(media["schema"]).iter_errors(example["value"]))
        assert errors == [], (where, name)


def test_every_answer_documents_the_correlation_id() -> None:
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            assert "X-Correlation-ID" in resolved(answer)["headers"], (name, status)


def test_f2_statuses_follow_from_what_an_operation_does() -> None:
    for name, operation in operations():
        statuses = set(operation["responses"])
        assert {"400", "401", "403", "404", "406", "422", "500", "503"} <= statuses, name
        assert ({"413", "415"} <= statuses) == ("requestBody" in operation), name


def test_d10_operations_with_an_idempotency_key_document_its_errors() -> None:
    for name, operation in operations():
        takes_key = {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
        conflict = operation["responses"].get("409", {}).get("content", {})
        sub_codes = set(conflict.get("application/json", {}).get("examples", {}))
        documented = {"IdempotencyKeyReused", "RequestInProgress"} <= sub_codes
        assert documented == takes_key == OPERATIONS[name].is_retry_safe, name


def deprecated() -> Iterator[tuple[str, str, str]]:
    for _, view in api_routes():
        for method, successor in view.successors.items():
            yield view.operations[method], method, successor


@pytest.mark.parametrize(("operation", "method", "successor"), list(deprecated()))
def test_f4_deprecated_operations_lead_to_one_that_is_not(
    operation: str, method: str, successor: str
) -> None:
    view = resolve(re.sub(r"{\w+}", "1", successor)).func.cls

    assert view.operations[method] != operation
    assert method not in view.successors


def test_f4_document_says_what_is_deprecated_and_which_headers_tell() -> None:
    expected = {operation for operation, _, _ in deprecated()}

    assert {name for name, node in operations() if node.get("deprecated")} == expected
    for name, node in operations():
        success = next(answer for status, answer in node["responses"].items() if status < "300")
        assert ({"Deprecation", "Link"} <= set(success["headers"])) == (name in expected), name


def test_references_lead_to_components() -> None:
    text = json.dumps(DOCUMENT)

    for kind, name in re.findall(r'"#/components/(\w+)/([\w-]+)"', text):
        assert name in DOCUMENT["components"][kind]


def test_document_names_no_other_host() -> None:
    assert re.findall(r"https?://", json.dumps(DOCUMENT)) == []


def test_nothing_but_the_token_is_asked_of_callers() -> None:
    assert DOCUMENT["security"] == [{"bearer": []}]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert all("security" not in operation for _, operation in operations())


def test_path_parameters_have_the_contracts_names_and_types() -> None:
    route = "contacts/<int:contact_id>/change-requests/<int:change_request_id>"

    names = [(each["name"], each["schema"]) for each in path_parameters(route)]

    int32 = {"type": "integer", "format": "int32"}
    assert names == [("contactId", int32), ("changeRequestId", int32)]


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("listChangeRequestStatuses", "Any token will do."),
        (
            "createContact",
            "Needs the scope contacts.write. "
            "Members also need the permission contacts.add_contact.",
        ),
        ("cancelChangeRequest", "Needs the scope contacts.write. For members only."),
    ],
)
def test_a1_document_says_what_the_access_matrix_asks(operation: str, text: str) -> None:
    assert operation in ACCESS
    assert access_text(operation) == text


def test_a1_document_says_when_members_may_never_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACCESS, "forApps", Access("contacts.identity", members=False))

    assert access_text("forApps") == "Needs the scope contacts.identity. For apps only."
