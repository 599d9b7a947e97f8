"""From a schema's text to a `CompiledSchema`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

import jsonschema_rs
import orjson

from crmschema.compiler.canonical import form_of, new_drafts, read_drafts
from crmschema.compiler.dependencies import conditional_fields
from crmschema.compiler.drafts import Draft
from crmschema.compiler.json_schema import derive_json_schema
from crmschema.compiler.model import CompiledSchema, Field, FieldType
from crmschema.compiler.patterns import REGEX_OPTIONS
from crmschema.compiler.problems import ROOT, Place, Problems
from crmschema.compiler.references import check_references
from crmschema.compiler.requirements import conditional_requirements
from crmschema.compiler.source import MAX_BYTES, TOO_LARGE
from crmschema.compiler.tree import build_tree
from crmschema.compiler.value_schemas import MAX_INLINED_ITEMS
from crmschema.compiler.visibility_plan import visibility_plan
from lists.snapshots import ListSnapshot

# Only for components that a caller did not make canonical; a saved schema has all its uids.
_UID_NAMESPACE = UUID("6d0d5b0e-8a52-5c07-9a3f-0a8f4b6f5a11")


def compile_schema(
    *,
    key: str,
    token: int,
    schema: str | Mapping[str, Any],  # Any: a JSON document
    lists: Mapping[str, ListSnapshot],
) -> CompiledSchema:
    """Compile one version of a schema with the lists it names; the same input, the same result.

    Pure: no database, no network, no clock. A schema that is not canonical is made so on the way
    (missing uids follow from the component's path). Raises SchemaInvalid with all problems (S3).
    """
    problems = Problems()
    return _compiled(key, token, read_drafts(schema, problems, _uid_for), lists, problems)


def compile_draft(
    *,
    key: str,
    token: int,
    schema: str | Mapping[str, Any],  # Any: a JSON document
    lists: Mapping[str, ListSnapshot],
    stored: str | None,
) -> tuple[dict[str, Any], CompiledSchema]:  # Any: a JSON document
    """The canonical form of what somebody wants to save, and what it compiles to.

    `stored` is the version that it follows, None for the first one: see `canonical`. Unlike what is
    stored already its texts must be within limits, and so must it as a whole, as sent and as it
    would be stored. Raises SchemaInvalid with all problems (S3).
    """
    problems = Problems()
    drafts = new_drafts(schema, problems, stored=stored, new_uid=uuid4)
    form = form_of(drafts)
    if len(orjson.dumps(form)) > MAX_BYTES:
        problems.add(ROOT, *TOO_LARGE)
        problems.raise_if_any()
    return form, _compiled(key, token, drafts, lists, problems)


def _compiled(
    key: str,
    token: int,
    drafts: list[Draft],
    lists: Mapping[str, ListSnapshot],
    problems: Problems,
) -> CompiledSchema:
    tree = build_tree(drafts, problems)
    by_alias = check_references(tree, lists, problems)
    conditional = conditional_fields(tree, problems)
    problems.raise_if_any()
    requirements = conditional_requirements(tree, problems)
    problems.raise_if_any()
    used = {field.list_key for field in tree.fields if field.list_key is not None}
    by_path = {field.path: field for field in tree.fields}
    json_schema = derive_json_schema(
        key=key, root=tree.root, layout=tree.layout, requirements=requirements, lists=lists
    )
    return CompiledSchema(
        key=key,
        token=token,
        root=tree.root,
        fields=tuple(tree.fields),
        by_path=by_path,
        grids=tree.grids,
        by_alias=by_alias,
        layout=tuple(tree.layout),
        conditional=conditional,
        lists={list_key: lists[list_key] for list_key in sorted(used)},
        json_schema=json_schema,
        validator=jsonschema_rs.Draft202012Validator(
            json_schema, pattern_options=REGEX_OPTIONS, validate_formats=False, offline=True
        ),
        visibility=visibility_plan(conditional, by_path, tree.grids),
        server_checked=tuple(field for field in tree.fields if _is_server_checked(field, lists)),
    )


def _uid_for(place: Place) -> str:
    return str(uuid5(_UID_NAMESPACE, place.path))


def _is_server_checked(field: Field, lists: Mapping[str, ListSnapshot]) -> bool:
    """Whether the field has rules beyond the JSON Schema (schema format, server-only checks)."""
    if field.list_key is not None:
        items = lists[field.list_key].items
        return (
            field.list_hierarchy_path is not None
            or len(items) > MAX_INLINED_ITEMS
            or not all(item.is_active for item in items.values())
        )
    return field.decimals is not None and field.type is not FieldType.INTEGER
