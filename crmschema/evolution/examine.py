"""What a changed schema means for single stored documents (S4)."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from crmschema.compiler.model import Alias, CompiledSchema, Field
from crmschema.conditions import hidden_leaves
from crmschema.evolution.aliases import alias_findings, alias_moves
from crmschema.evolution.model import HELD_KINDS, ChangeKind, Effect, SchemaChange
from crmschema.validation import DetailError, validate, validate_by_schema
from crmschema.validation.errors import ErrorCode
from crmschema.validation.occurrences import in_row, rows_at, value_at

Document = Mapping[str, Any]  # Any: a JSON document

HIDDEN_RULE = "Hidden"
_HIDING_ATTRIBUTE = "clearOnHide"
# Rules of them that the JSON Schema cannot express; all others stay as they were.
_SERVER_ATTRIBUTES = frozenset({"decimal"})
# What is wrong with a value of another type, or of another list.
_TYPE_ERRORS = frozenset({ErrorCode.TYPE, ErrorCode.FORMAT, ErrorCode.NOT_IN_LIST})


class Found(NamedTuple):
    """What one document has against the change: an index-free path and a rule.

    The rule is the code of a validation error, `Hidden`, or the kind of change that concerns
    every value (`Removed`, `Retyped`, …); the path of the latter is that in the older version. A
    value of a place that comes back is `Revived`, and `Retyped` too where it is of another type.
    """

    path: str
    rule: str


class HeldPath(NamedTuple):
    """A place whose values a change concerns, whatever they are: one of the older version, or one
    that comes back.
    """

    path: str
    grid: str | None
    rule: str


class Examiner:
    """Judges documents by the changes from one version of a schema to another."""

    def __init__(
        self, old: CompiledSchema, new: CompiledSchema, changes: Iterable[SchemaChange]
    ) -> None:
        self._old, self._new = old, new
        relevant = [change for change in changes if change.effect is not Effect.COMPATIBLE]
        self.held = [
            HeldPath(change.old_path, self._grid_of(change), change.kind.value)
            for change in relevant
            if change.kind in HELD_KINDS
        ]
        others = [change for change in relevant if change.kind not in HELD_KINDS]
        self._hides = any(
            change.kind is ChangeKind.CONDITION or change.attribute == _HIDING_ATTRIBUTE
            for change in others
        )
        self._asks_server = any(
            change.kind is ChangeKind.HIERARCHY or change.attribute in _SERVER_ATTRIBUTES
            for change in others
        )
        self._revived = {each.path for each in relevant if each.kind is ChangeKind.REVIVED}
        self._moves = alias_moves(old, new)
        self._sources = {move.new.path for move in self._moves if move.new is not None}
        self.judges_values = bool(others or self._moves or self._revived)
        """Whether documents must be looked at beyond what they hold at all."""

    def _grid_of(self, change: SchemaChange) -> str | None:
        if change.kind is ChangeKind.REVIVED:
            return next((grid for grid in self._new.grids if _is_below(change.path, grid)), None)
        field = self._old.by_path.get(change.old_path)
        return field.grid if field is not None else None

    @property
    def is_idle(self) -> bool:
        """Whether no document can have anything against the change."""
        return not self.held and not self.judges_values

    def examine(
        self, document: Document, *, is_anonymised: bool, fixed: Set[Alias] = frozenset()
    ) -> set[Found]:
        """What stands against the change, each once. Nobody writes what is anonymised again, so
        of that only held values count, and their types. Values of the aliases `fixed` must stay
        what they are.
        """
        found = {Found(held.path, held.rule) for held in self.held if _holds(document, held)}
        if self.judges_values and not is_anonymised:
            found.update(self._new_errors(document))
            found.update(Found(*each) for each in alias_findings(self._moves, document, fixed))
            if self._hides:
                found.update(self._newly_hidden(document))
        elif self._revived:
            errors = self._new_errors(document)
            found.update(each for each in errors if each.rule == ChangeKind.RETYPED)
        return found

    def _new_errors(self, document: Document) -> Iterator[Found]:
        """Errors that the document does not have under the older version. What the newer one does
        not know is there already, as held by a removed field. Nothing excuses the new source of an
        alias: what the product takes from it must be valid. A value of another type in a place that
        comes back is what a field's change of type would leave, and refused as that.
        """
        errors = self._errors(self._new, document)
        if not errors:
            return
        known = {(error.path, error.code) for error in self._errors(self._old, document)}
        for error in errors:
            is_known = (error.path, error.code) in known and error.path not in self._sources
            if error.code in _TYPE_ERRORS and self._comes_back(error.field_path):
                yield Found(error.field_path, ChangeKind.RETYPED.value)
            elif error.code != ErrorCode.UNKNOWN_FIELD and not is_known:
                yield Found(error.field_path, error.code)

    def _comes_back(self, path: str) -> bool:
        return any(path == place or _is_below(path, place) for place in self._revived)

    def _errors(self, compiled: CompiledSchema, document: Document) -> list[DetailError]:
        if self._asks_server or self._revived:
            return validate(compiled, document, for_member=False, stored=document)
        return validate_by_schema(compiled, document)

    def _newly_hidden(self, document: Document) -> Iterator[Found]:
        before = set(_losing(self._old, document))
        for path, row in _losing(self._new, document):
            if (path, row) not in before:
                yield Found(path, HIDDEN_RULE)


def _losing(compiled: CompiledSchema, document: Document) -> Iterator[tuple[str, int | None]]:
    """Where the next write removes a value because a condition hides it (D6)."""
    for leaf in hidden_leaves(compiled, document):
        if leaf.field.clear_on_hide and _value(document, leaf.field, leaf.row) is not None:
            yield leaf.field.path, leaf.row


def _is_below(path: str, place: str) -> bool:
    return path.startswith(f"{place}.")


def _value(document: Document, field: Field, row: int | None) -> Any:  # Any: a JSON value
    if field.grid is None or row is None:
        return value_at(document, field.path.split("."))
    return value_at(rows_at(document, field.grid)[row], in_row(field))


def _holds(document: Document, held: HeldPath) -> bool:
    if held.grid is None:
        return value_at(document, held.path.split(".")) is not None
    keys = held.path.removeprefix(f"{held.grid}.").split(".")
    return any(value_at(row, keys) is not None for row in rows_at(document, held.grid))
