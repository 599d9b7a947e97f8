"""The canonical form of a schema."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from crmschema.compiler.drafts import Draft
from crmschema.compiler.identity import Spot, hand_out_uids, spots_of
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.reader import Reader
from crmschema.compiler.source import MAX_BYTES, root_components
from crmschema.compiler.text_limits import check_texts


def canonical(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    *,
    stored: str | None = None,
    new_uid: Callable[[], UUID] = uuid4,
) -> dict[str, Any]:  # Any: a JSON document
    """What a save stores: known properties only, no defaults, one shape for each meaning.

    Builder noise is dropped, the type `hidden`, texts for `show` and `eq` and simple conditions
    are converted, and components without `crm.uid` get one from `new_uid`. So do copies: where
    several have one uid, the one that stands where the version `stored` has it keeps it. The
    canonical form of a canonical form is itself. Raises SchemaInvalid with all problems that single
    components have; `compile_draft` finds those of the whole as well.
    """
    problems = Problems()
    drafts = new_drafts(schema, problems, stored=stored, new_uid=new_uid)
    problems.raise_if_any()
    return form_of(drafts)


def form_of(drafts: list[Draft]) -> dict[str, Any]:  # Any: a JSON document
    """The form that consists of these components."""
    return {"display": "form", "components": [draft.component for draft in drafts]}


def new_drafts(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
    *,
    stored: str | None,
    new_uid: Callable[[], UUID],
) -> list[Draft]:
    """The top components of what somebody wants to save after `stored`, texts within limits."""

    def spots_before() -> Mapping[str, Spot]:
        return {} if stored is None else spots_of(_drafts(stored, Problems()))

    drafts = _drafts(schema, problems, max_bytes=MAX_BYTES)
    check_texts(drafts, problems)
    hand_out_uids(drafts, uid_for=lambda _place: str(new_uid()), spots_before=spots_before)
    return drafts


def read_drafts(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
    uid_for: Callable[[Place], str],
) -> list[Draft]:
    """The top components as canonical drafts; whatever is refused is noted and left out."""
    drafts = _drafts(schema, problems)
    hand_out_uids(drafts, uid_for=uid_for, spots_before=dict)
    return drafts


def _drafts(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
    *,
    max_bytes: int | None = None,
) -> list[Draft]:
    components = root_components(schema, problems, max_bytes=max_bytes)
    return Reader(problems).components(components, "components")
