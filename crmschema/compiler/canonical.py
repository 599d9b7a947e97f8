"""The canonical form of a schema."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from crmschema.compiler.drafts import Draft
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.reader import Reader
from crmschema.compiler.source import root_components


def canonical(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    *,
    new_uid: Callable[[], UUID] = uuid4,
) -> dict[str, Any]:  # Any: a JSON document
    """What a save stores: known properties only, no defaults, one shape for each meaning.

    Builder noise is dropped, the type `hidden`, texts for `show` and `eq` and simple conditions
    are converted, and components without `crm.uid` (or with one that another component has) get
    one from `new_uid`. The canonical form of a canonical form is itself. Raises SchemaInvalid with
    all problems that single components have; `compile_schema` finds those of the whole as well.
    """
    problems = Problems()
    drafts = read_drafts(schema, problems, lambda _place: str(new_uid()))
    problems.raise_if_any()
    return {"display": "form", "components": [draft.component for draft in drafts]}


def read_drafts(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
    uid_for: Callable[[Place], str],
) -> list[Draft]:
    """The top components as canonical drafts; whatever is refused is noted and left out."""
    return Reader(problems, uid_for).components(root_components(schema, problems), "components")
