"""Findings of many documents, counted by kind of target, path and rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crmschema.evolution.aliases import ALIAS_FIXED
from crmschema.evolution.examine import Found
from crmschema.evolution.model import ChangeKind

MAX_IDS: Final = 20
REFUSED_RULES: Final = frozenset(
    {
        ChangeKind.RENAMED.value,
        ChangeKind.MOVED.value,
        ChangeKind.RETYPED.value,
        ChangeKind.LIST.value,
        ALIAS_FIXED,
    }
)

FindingKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """So many targets of a kind (`contact`, `legalEntity`) break a rule at a path; first ids."""

    kind: str
    path: str
    rule: str
    count: int
    ids: Sequence[int]

    @property
    def key(self) -> FindingKey:
        """What a finding is told by."""
        return self.kind, self.path, self.rule

    @property
    def is_refused(self) -> bool:
        """Whether no accepted check lets it pass (FieldInUse)."""
        return self.rule in REFUSED_RULES

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """The stored form, which is also that of answers."""
        return {
            "kind": self.kind,
            "path": self.path,
            "rule": self.rule,
            "count": self.count,
            "ids": list(self.ids),
        }


class Tally:
    """Counts documents by what stands against them."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._counts: dict[FindingKey, int] = {each.key: each.count for each in findings}
        self._ids: dict[FindingKey, list[int]] = {each.key: list(each.ids) for each in findings}

    @classmethod
    def from_json(cls, stored: Sequence[Mapping[str, Any]]) -> "Tally":  # Any: JSON values
        """The tally of its stored form."""
        return cls([Finding(**each) for each in stored])

    def add(self, kind: str, target_id: int, found: Iterable[Found]) -> None:
        """One document, each of whose findings counts once."""
        for path, rule in found:
            self.add_many(kind, path, rule, 1, [target_id])

    def add_many(self, kind: str, path: str, rule: str, count: int, ids: Iterable[int]) -> None:
        """Several documents with one finding."""
        key = (kind, path, rule)
        self._counts[key] = self._counts.get(key, 0) + count
        kept = self._ids.setdefault(key, [])
        kept.extend(list(ids)[: MAX_IDS - len(kept)])

    @property
    def findings(self) -> list[Finding]:
        """All of them, by kind, path and rule."""
        return [
            Finding(*key, count=count, ids=self._ids[key])
            for key, count in sorted(self._counts.items())
            if count
        ]

    def to_json(self) -> list[dict[str, Any]]:  # Any: JSON values
        """The form that is stored between two pages."""
        return [finding.as_json() for finding in self.findings]
