"""Which component is the original where several have one `crm.uid`; the copies get new ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from crmschema.compiler.component_types import Kind
from crmschema.compiler.drafts import Draft
from crmschema.compiler.problems import Place


class Spot(NamedTuple):
    """Where a component stands: in the data, or as layout, whose keys are unique in a form."""

    is_data: bool
    path: str


class _Placed(NamedTuple):
    draft: Draft
    spot: Spot


def hand_out_uids(
    drafts: Iterable[Draft],
    *,
    uid_for: Callable[[Place], str],
    spots_before: Callable[[], Mapping[str, Spot]],
) -> None:
    """Give every component without a uid, and every copy, one from `uid_for`, in schema order.

    Editors copy a uid along with its component. Of several with one uid the original is the one
    that stands where the stored version has it (`spots_before`, asked only when there are copies):
    the data there is its data, whatever was copied or moved. Where none does, the first one at
    the same level counts (it got another key), else the first with the same key (it was moved),
    else the first.
    """
    placed = list(_placed(drafts, ""))
    claims: dict[str, list[_Placed]] = {}
    for each in placed:
        claims.setdefault(each.draft.crm["uid"], []).append(each)
    claims.pop("", None)
    is_copied = any(len(claimants) > 1 for claimants in claims.values())
    before = spots_before() if is_copied else {}
    originals = {
        id(_original(claimants, before.get(uid)).draft) for uid, claimants in claims.items()
    }
    for each in placed:
        if id(each.draft) not in originals:
            each.draft.crm["uid"] = uid_for(each.draft.place)


def spots_of(drafts: Iterable[Draft]) -> dict[str, Spot]:
    """Where each uid of a stored version stands."""
    return {each.draft.crm["uid"]: each.spot for each in _placed(drafts, "")}


def _placed(drafts: Iterable[Draft], prefix: str) -> Iterator[_Placed]:
    """All components below, each before what it encloses."""
    for draft in drafts:
        is_data = draft.type.kind is not Kind.LAYOUT
        path = f"{prefix}{draft.key}"
        yield _Placed(draft, Spot(is_data, path if is_data else draft.key))
        inner = f"{path}." if is_data else prefix
        yield from _placed(draft.children, inner)
        for pane in draft.panes:
            yield from _placed(pane.children, inner)


def _original(claimants: list[_Placed], before: Spot | None) -> _Placed:
    if before is None:
        return claimants[0]
    level, _, key = before.path.rpartition(".")

    def rank(each: _Placed) -> tuple[bool, bool, bool]:
        its_level, _, its_key = each.spot.path.rpartition(".")
        return each.spot != before, its_level != level, its_key != key

    return min(claimants, key=rank)
