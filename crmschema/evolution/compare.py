"""Compares two compiled versions of a schema, field by field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import TypeVar

from crmschema.compiler.model import CompiledSchema, Field, GridNode, Text
from crmschema.evolution.attributes import Difference, field_differences, grid_differences
from crmschema.evolution.model import ChangeKind, Effect, SchemaChange
from crmschema.evolution.revivals import new_places, revivals

Part = TypeVar("Part", Field, GridNode)


def compare(
    old: CompiledSchema, new: CompiledSchema, another: Set[str] = frozenset()
) -> list[SchemaChange]:
    """All differences: removed fields first, then those of grids and fields in the order of `new`,
    then places that come back, then those of the whole. Pure; the texts are never compared.

    Components are the same when they have the same `crm.uid`; what has a uid that the other
    version does not know is the same when it stands at the same path. `another` are those of
    `new_places` where a version before `old` had something else.
    """
    fields = _pairs(old.fields, new.fields)
    grids = _pairs(tuple(old.grids.values()), tuple(new.grids.values()))
    return [
        *_removed(old.fields, fields),
        *_grid_changes(grids),
        *_field_changes(fields),
        *(revivals(new, new_places(old, new), another) if another else ()),
        *_whole(old, new, fields),
    ]


def is_another_at(place: str, former: CompiledSchema, new: CompiledSchema) -> bool:
    """Whether `new` has something else at or below a place than an earlier version: whether values
    of that version may mean something else, or not fit, now.
    """
    return any(
        change.effect is not Effect.COMPATIBLE and f"{path}.".startswith(f"{place}.")
        for change in compare(former, new)
        for path in (change.path, change.old_path)
    )


def _pairs(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[Part | None, Part]]:
    """Each part of `new` with what it was."""
    by_uid = {part.uid: part for part in old}
    kept = {part.uid for part in new}
    by_path = {part.path: part for part in old if part.uid not in kept}
    return [(by_uid.get(part.uid) or by_path.get(part.path), part) for part in new]


def _removed(
    old: Iterable[Field], pairs: Iterable[tuple[Field | None, Field]]
) -> Iterator[SchemaChange]:
    kept = {before.path for before, _ in pairs if before is not None}
    for field in old:
        if field.path not in kept:
            yield SchemaChange(ChangeKind.REMOVED, Effect.BREAKING, field.path, field.label)


def _field_changes(pairs: Iterable[tuple[Field | None, Field]]) -> Iterator[SchemaChange]:
    for old, new in pairs:
        if old is None:
            is_required = new.is_required and not new.is_hidden
            effect = Effect.BREAKING if is_required else Effect.COMPATIBLE
            yield SchemaChange(ChangeKind.ADDED, effect, new.path, new.label, after=is_required)
            continue
        if (old.path, old.grid) != (new.path, new.grid):
            yield _moved(old, new)
        for each in field_differences(old, new):
            yield _change(each, old, new)


def _grid_changes(pairs: Iterable[tuple[GridNode | None, GridNode]]) -> Iterator[SchemaChange]:
    for old, new in pairs:
        if old is None:
            # An optional grid with a least number of rows may be absent.
            if new.is_required:
                label = new.label
                yield SchemaChange(
                    ChangeKind.ADDED, Effect.BREAKING, new.path, label, is_grid=True, after=True
                )
            continue
        if old.path != new.path:
            yield _moved(old, new)
        for each in grid_differences(old, new):
            yield _change(each, old, new)


def _moved(old: Part, new: Part) -> SchemaChange:
    """Another key in the same place is a rename, anything else a move."""
    same_parent = _parent(old.path) == _parent(new.path) and old.path != new.path
    return SchemaChange(
        kind=ChangeKind.RENAMED if same_parent else ChangeKind.MOVED,
        effect=Effect.REFUSED,
        path=new.path,
        label=new.label,
        is_grid=isinstance(new, GridNode),
        previous_path=old.path,
        before=old.path,
        after=new.path,
    )


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _change(difference: Difference, old: Part, new: Part) -> SchemaChange:
    return SchemaChange(
        kind=difference.kind,
        effect=difference.effect,
        path=new.path,
        label=new.label,
        is_grid=isinstance(new, GridNode),
        previous_path=old.path if old.path != new.path else None,
        attribute=difference.attribute,
        before=difference.before,
        after=difference.after,
    )


def _whole(
    old: CompiledSchema, new: CompiledSchema, pairs: Iterable[tuple[Field | None, Field]]
) -> Iterator[SchemaChange]:
    places: Mapping[str, int] = {field.path: place for place, field in enumerate(old.fields)}
    order = [places[before.path] for before, _ in pairs if before is not None]
    if order != sorted(order):
        yield SchemaChange(ChangeKind.ORDER, Effect.COMPATIBLE, "", Text(""))
    if old.layout != new.layout:
        yield SchemaChange(ChangeKind.LAYOUT, Effect.COMPATIBLE, "", Text(""))
