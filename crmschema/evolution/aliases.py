"""What another source of an alias means for single documents (schema format, 10)."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final, NamedTuple

from crmschema.compiler.model import Alias, CompiledSchema, Field
from crmschema.validation.occurrences import value_at

ALIAS_MISSING: Final = "AliasMissing"
ALIAS_CHANGED: Final = "AliasChanged"
ALIAS_FIXED: Final = "AliasFixed"


class AliasMove(NamedTuple):
    """An alias whose field is another one, new or gone."""

    alias: Alias
    old: Field | None
    new: Field | None

    @property
    def path(self) -> str:
        """The new source, else the old one: where findings are."""
        source = self.new or self.old
        return source.path if source is not None else ""


def alias_moves(old: CompiledSchema, new: CompiledSchema) -> list[AliasMove]:
    """The aliases that another field has in the newer version, in the order of aliases. One that
    comes with a new field is none of them: no document holds a value there.
    """
    known = {field.uid for field in old.fields} | old.by_path.keys()
    moves = [AliasMove(each, old.by_alias.get(each), new.by_alias.get(each)) for each in Alias]
    return [move for move in moves if not _is_same(move.old, move.new) and _counts(move, known)]


def alias_findings(
    moves: list[AliasMove],
    document: Mapping[str, Any],  # Any: a JSON document
    fixed: Set[Alias],
) -> Iterator[tuple[str, str]]:
    """Path and rule of each move that the document notices: what the alias means for the product
    (login, messages, the name) would be missing or another value. Of the aliases `fixed` nobody can
    accept either, nor a first value.
    """
    for move in moves:
        before, after = _value(document, move.old), _value(document, move.new)
        if before == after:
            continue
        if move.alias in fixed:
            yield move.path, ALIAS_FIXED
        elif after is None:
            yield move.path, ALIAS_MISSING
        elif before is not None:
            yield move.path, ALIAS_CHANGED


def _is_same(old: Field | None, new: Field | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.uid == new.uid or old.path == new.path


def _counts(move: AliasMove, known: Set[str]) -> bool:
    new = move.new
    return move.old is not None or (new is not None and not known.isdisjoint((new.uid, new.path)))


def _value(document: Mapping[str, Any], field: Field | None) -> Any:  # Any: JSON values
    return None if field is None else value_at(document, field.path.split("."))
