"""Our document against the contract."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest

from config.common.routes import api_routes
from config.openapi.committed import COMMITTED, committed_document
from tests.contract.check import METHODS, differences, load
from tests.contract.still_to_come import OPERATIONS_TO_COME

CONTRACT = load(Path(__file__).with_name("openapi.yaml"))


def operations(document: dict) -> dict[str, dict]:
    return {
        item[method]["operationId"]: {"path": path, "method": method, **item[method]}
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def routed_operations() -> set[str]:
    return {name for _, view in api_routes() for name in view.operations.values()}


def test_operations_to_come_are_the_contract_without_our_routes() -> None:
    assert set(operations(CONTRACT)) - routed_operations() == OPERATIONS_TO_COME


def test_operations_that_have_a_route_agree_with_the_contract() -> None:
    problems, count = differences(committed_document())

    missing = {problem for problem in problems if problem.endswith(": no such operation")}
    assert count == 48
    assert [problem for problem in problems if problem not in missing] == []
    assert len(missing) == len(OPERATIONS_TO_COME)


def test_operations_have_the_names_tags_and_paths_of_the_contract() -> None:
    ours, theirs = operations(committed_document()), operations(CONTRACT)

    for name in ours.keys() & theirs.keys():
        for member in ("path", "method", "tags", "summary"):
            assert ours[name][member] == theirs[name][member], name


def test_f2_operations_list_at_least_the_statuses_of_the_contract() -> None:
    ours, theirs = operations(committed_document()), operations(CONTRACT)

    for name in ours.keys() & theirs.keys():
        assert set(theirs[name]["responses"]) <= set(ours[name]["responses"]), name


DETAILS = "/v1.0/contacts/{contactId}/details"


def drop_member(document: dict) -> None:
    del document["components"]["schemas"]["ContactDetails"]["properties"]["hasPendingEmail"]


def widen_type(document: dict) -> None:
    document["components"]["schemas"]["ContactDetails"]["properties"]["id"] = {"type": "string"}


def make_nullable(document: dict) -> None:
    schema = document["components"]["schemas"]["ContactDetails"]["properties"]["hasPendingMobile"]
    schema["type"] = ["boolean", "null"]


def require_comment(document: dict) -> None:
    document["components"]["schemas"]["ContactDetailsUpdate"]["required"].append("comment")


def drop_success(document: dict) -> None:
    del document["paths"][DETAILS]["get"]["responses"]["200"]


def deprecate(document: dict) -> None:
    document["paths"][DETAILS]["get"]["deprecated"] = True


def drop_operation(document: dict) -> None:
    del document["paths"][DETAILS]["get"]


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (drop_member, f"GET {DETAILS} 200.hasPendingEmail: missing"),
        (widen_type, f"GET {DETAILS} 200.id: type ['string'] instead of ['integer']"),
        (make_nullable, f"GET {DETAILS} 200.hasPendingMobile: is nullable"),
        (
            require_comment,
            f"PUT {DETAILS} request.comment: required, the contract leaves it optional",
        ),
        (drop_success, f"GET {DETAILS}: no 200 answer"),
        (deprecate, f"GET {DETAILS}: deprecated flag differs"),
        (drop_operation, f"GET {DETAILS}: no such operation"),
    ],
)
def test_checker_finds_what_departs_from_the_contract(change, problem) -> None:
    document = copy.deepcopy(committed_document())
    change(document)

    found = set(differences(document)[0]) - set(differences(committed_document())[0])

    assert any(each.startswith(problem) for each in found), found


def test_checker_works_on_the_command_line() -> None:
    command = [sys.executable, str(Path(__file__).with_name("check.py")), str(COMMITTED)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines()[-1] == f"48 operations, {len(OPERATIONS_TO_COME)} differences"
    assert done.returncode == bool(OPERATIONS_TO_COME)
