"""Documents that are settled, by default for an app and under the tiny schema."""

from typing import Any

from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Settlement, settle
from tests.factories.schemas import compiled_of, component, shown_when, tiny_compiled


def settled(
    stored: dict[str, Any],
    document: dict[str, Any],
    *,
    member: bool = False,
    is_decided: bool = False,
    is_new: bool = False,
    compiled: CompiledSchema | None = None,
) -> Settlement:
    return settle(
        compiled or tiny_compiled(),
        stored=stored,
        proposed=document,
        for_member=member,
        is_decided=is_decided,
        is_new=is_new,
    )


def errors(settlement: Settlement) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in settlement.errors]


def person(**members: Any) -> dict[str, Any]:
    return {"person": {"firstName": "Ada", "displayName": "Ada", **members}}


CHAIN = compiled_of(
    component("textfield", "last", conditional=shown_when("middle", "x")),
    component("textfield", "middle", conditional=shown_when("first", "x")),
    component("textfield", "first"),
)


def addresses(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**person(), "channels": {"addresses": list(rows)}}
