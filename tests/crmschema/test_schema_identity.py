"""Copies of components: the original keeps its `crm.uid`, wherever the copy is put (S4)."""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any
from uuid import UUID

import pytest
from schema_builders import component, form, seeded

from config.common.actors import SYSTEM
from crmschema.compiler import canonical, compile_schema
from crmschema.evolution import compare
from crmschema.models import CrmSchema
from crmschema.services import schema_create, schema_restore, schema_save
from tests.factories.checks import make_check
from tests.factories.fixtures import World
from tests.factories.schemas import form as form_text
from tests.factories.schemas import tiny_details

JsonComponent = dict[str, Any]
TINY = "/v1.0/crm/schemas/tiny"


def text(key: str, number: int | None = None) -> JsonComponent:
    return component("textfield", key, **({} if number is None else {"crm": {"uid": uid(number)}}))


def box(kind: str, key: str, number: int, *children: JsonComponent) -> JsonComponent:
    return component(kind, key, components=list(children), crm={"uid": uid(number)})


def uid(number: int) -> str:
    return str(UUID(int=number))


def uids_by_path(schema: JsonComponent) -> dict[str, str]:
    """The uid of everything by its place: in the data, or a layout element's own key."""

    def walk(components: list[JsonComponent], prefix: str) -> Iterator[tuple[str, str]]:
        for each in components:
            if "type" not in each:  # a tab
                yield from walk(each["components"], prefix)
                continue
            is_layout = each["type"] in {"panel", "well", "columns", "table", "tabs"}
            path = f"{prefix}{each['key']}"
            yield f"#{each['key']}" if is_layout else path, each["crm"]["uid"]
            inner = prefix if is_layout else f"{path}."
            for array in arrays_of(each):
                yield from walk(array, inner)

    found = list(walk(schema["components"], ""))
    assert len(dict(found)) == len(found)
    assert len({uid for _, uid in found}) == len(found)
    return dict(found)


def arrays_of(raw: JsonComponent) -> list[list[JsonComponent]]:
    """The arrays of components that one component holds."""
    panes = [*raw.get("columns", []), *(cell for row in raw.get("rows", []) for cell in row)]
    own = [raw["components"]] if "components" in raw else []
    return [*own, *(pane["components"] for pane in panes)]


def kept(before: JsonComponent, *components: JsonComponent) -> dict[str, str]:
    """What has which uid after a save of these components over `before`."""
    return uids_by_path(canonical(form(*components), stored=json.dumps(before)))


def test_s4_a_copy_above_its_original_gets_a_new_uid() -> None:
    before = form(text("a", 1))

    after = kept(before, text("copy", 1), text("copy2", 1), text("a", 1))

    assert after["a"] == uid(1)


def test_s4_a_copied_container_leaves_everything_to_the_original() -> None:
    before = form(box("container", "c", 1, box("panel", "p", 2, text("a", 3), text("b", 4))))
    copy = box("container", "d", 1, box("panel", "q", 2, text("a", 3), text("b", 4)))

    after = kept(before, copy, *before["components"])

    assert {path: after[path] for path in ("c", "#p", "c.a", "c.b")} == {
        "c": uid(1),
        "#p": uid(2),
        "c.a": uid(3),
        "c.b": uid(4),
    }


def test_s4_a_copy_at_the_old_place_is_the_original() -> None:
    """The data that is stored there is its data, whichever of the two somebody dragged away."""
    before = form(text("a", 1), box("container", "c", 2))

    after = kept(before, box("container", "c", 2, text("a", 1)), text("a", 1))

    assert after["a"] == uid(1)


@pytest.mark.parametrize(
    ("components", "original"),
    [
        # Renamed, with a copy in another container: what stayed at its level.
        ([box("container", "c", 2, text("b", 1)), text("b", 1)], "b"),
        # Moved, with a copy beside it: what kept its key.
        ([box("container", "c", 2, text("b", 1), text("a", 1))], "c.a"),
        # Nothing tells them apart: the first.
        ([box("container", "c", 2, text("b", 1), text("d", 1))], "c.b"),
    ],
)
def test_s4_a_renamed_or_moved_original_is_told_from_its_copies(
    components: list[JsonComponent], original: str
) -> None:
    before = form(text("a", 1), box("container", "c", 2))

    assert kept(before, *components)[original] == uid(1)


def test_s4_a_copy_in_a_schema_that_does_not_know_it_keeps_the_uid_once() -> None:
    after = kept(form(text("x", 9)), text("x", 9), text("a", 1), text("b", 1))

    assert (after["x"], after["a"]) == (uid(9), uid(1))
    first = uids_by_path(canonical(form(text("a", 1), text("b", 1))))
    assert first["a"] == uid(1)


KINDS = ("textfield", "container", "panel", "columns", "table", "tabs", "datagrid")


def some_components(random: Random, level: int, numbers: Iterator[int]) -> list[JsonComponent]:
    return [some_component(random, level, numbers) for _ in range(random.randint(1, 4))]


def some_component(random: Random, level: int, numbers: Iterator[int]) -> JsonComponent:
    number = next(numbers)
    kind = random.choice(KINDS) if level < 4 else "textfield"

    def pane() -> JsonComponent:
        return {"components": some_components(random, level + 1, numbers)}

    parts: JsonComponent = {}
    if kind == "columns":
        parts = {"columns": [pane(), pane()]}
    elif kind == "table":
        parts = {"rows": [[pane(), pane()]]}
    elif kind == "tabs":
        tabs = [{"key": f"t{next(numbers)}", "label": "T", **pane()} for _ in range(2)]
        parts = {"components": tabs}
    elif kind != "textfield":
        parts = pane()
    return component(kind, f"k{number}", crm={"uid": uid(number)}, **parts)


def all_arrays(components: list[JsonComponent]) -> Iterator[list[JsonComponent]]:
    """Every array that components can be put into."""
    if not components or "type" in components[0]:
        yield components
    for each in components:
        for array in arrays_of(each):
            yield from all_arrays(array)


def with_copies(random: Random, schema: JsonComponent, numbers: Iterator[int]) -> JsonComponent:
    """Copies, and copies of them, of anything anywhere, with keys of their own."""
    edited = deepcopy(schema)
    for _ in range(random.randint(1, 4)):
        arrays = [array for array in all_arrays(edited["components"]) if array]
        copy = deepcopy(random.choice(random.choice(arrays)))
        give_keys(copy, numbers, is_elsewhere=False)
        target = random.choice(list(all_arrays(edited["components"])))
        target.insert(random.randint(0, len(target)), copy)
    return edited


def give_keys(copy: JsonComponent, numbers: Iterator[int], *, is_elsewhere: bool) -> None:
    """Keys of its own for a copy, but for fields that the copy of a container holds."""
    is_field = not arrays_of(copy)
    if not (is_field and is_elsewhere):
        copy["key"] = f"c{next(numbers)}"
    is_data = copy.get("type") in {"container", "datagrid"}
    for array in arrays_of(copy):
        for each in array:
            give_keys(each, numbers, is_elsewhere=is_elsewhere or is_data)


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(200))
def test_s4_originals_keep_their_uids_whatever_is_copied_where(seed: int) -> None:
    random, numbers = seeded(seed), iter(range(1, 100_000))
    schema = canonical(form(*some_components(random, 1, numbers)))
    edited = with_copies(random, schema, numbers)

    result = canonical(edited, stored=json.dumps(schema))

    before, after = pairs(schema), pairs(result)
    assert before.items() <= after.items()
    copied = [uid for path, uid in after.items() if path not in before]
    assert not set(copied) & set(before.values())
    assert len(set(copied)) == len(copied)
    assert canonical(result, stored=json.dumps(schema)) == result


def pairs(schema: JsonComponent) -> dict[str, str]:
    """The uid of everything by the keys that lead to it."""
    found: dict[str, str] = {}

    def walk(components: list[JsonComponent], trail: str) -> None:
        for each in components:
            path = f"{trail}/{each['key']}"
            if "type" in each:
                found[path] = each["crm"]["uid"]
            for array in arrays_of(each):
                walk(array, path)

    walk(schema["components"], "")
    return found


# --- Saves -------------------------------------------------------------------------------------
def tiny_with_copies_above() -> str:
    """The stored schema with a copy of a field above it, and a copy of its container above all."""
    components = json.loads(CrmSchema.objects.get(key="tiny").schema)["components"]
    person = components[0]["components"]
    index = next(i for i, each in enumerate(person) if each["key"] == "nickname")
    person.insert(index, {**deepcopy(person[index]), "key": "petName"})
    channels = json.loads(json.dumps(components[1]).replace("channels.", "moreChannels."))
    for each in channels["components"]:
        each.get("crm", {}).pop("alias", None)
        each.get("crm", {}).pop("isVerificationRequired", None)
    return form_text({**channels, "key": "moreChannels"}, *components)


def stored_uids() -> dict[str, str]:
    return uids_by_path(json.loads(CrmSchema.objects.get(key="tiny").schema))


@pytest.mark.django_db
def test_s4_a_copy_above_what_holds_data_is_saved_and_checked_as_an_addition(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    before, schema = stored_uids(), tiny_with_copies_above()

    check = make_check(schema)
    answer = world.api().put(TINY, {"schema": schema, "concurrencyToken": 1})

    assert (check.findings, check.status) == ([], "Finished")
    assert (answer.status_code, answer.json()) == (200, {"concurrencyToken": 2})
    after = stored_uids()
    assert before.items() <= after.items()
    assert after["person.petName"] not in before.values()


@pytest.mark.django_db
def test_s4_a_version_with_less_is_restored_over_copies(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    before = stored_uids()
    schema_save(actor=SYSTEM, key="tiny", schema=tiny_with_copies_above(), concurrency_token=1)

    schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)

    assert stored_uids() == before


@pytest.mark.django_db
def test_s4_a_copy_taken_to_another_schema_keeps_its_uid(world: World) -> None:
    components = json.loads(CrmSchema.objects.get(key="tiny").schema)["components"]

    created = schema_create(actor=SYSTEM, key="other", schema=form_text(components[1]))

    assert json.loads(created.schema)["components"] == [components[1]]
    assert compare(*[compile_schema(key="o", token=1, schema=created.schema, lists={})] * 2) == []
