"""The verdict on a document (D2)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import chain
from typing import Any

from crmschema.compiler.model import CompiledSchema, GridNode, LeafNode, Node, ObjectNode
from crmschema.validation.errors import DetailError, ErrorCode, detail_error
from crmschema.validation.occurrences import rows_at, value_at
from crmschema.validation.places import Spot
from crmschema.validation.server_checks import server_findings
from crmschema.validation.translation import Finding, findings, significant


def validate(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
    *,
    for_member: bool,
    stored: Mapping[str, Any] | None = None,  # Any: a JSON document
) -> list[DetailError]:
    """All errors of a normalised document (no nulls, no empty objects or arrays), at once.

    A missing value is named itself, also when its container is missing. What a condition hides is
    never required; what is read-only is not required of members (D1). An inactive item is fine
    where `stored` has it already (S6). Messages never hold a value of the document.
    """
    by_schema = _findings_by_schema(compiled, document)
    found = significant(chain(by_schema, server_findings(compiled, document, stored)))
    return [
        detail_error(code, spot.path, spot.grid, spot.row)
        for spot, code in found
        if not (for_member and code is ErrorCode.REQUIRED and _is_read_only(spot.node))
    ]


def validate_by_schema(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[DetailError]:
    """The errors that the derived JSON Schema alone finds, as an app would get them: for many
    documents, where what only the server checks is known to be as it was.
    """
    found = significant(_findings_by_schema(compiled, document))
    return [detail_error(code, spot.path, spot.grid, spot.row) for spot, code in found]


def _findings_by_schema(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[Finding]:
    if compiled.validator.is_valid(document):
        return []
    return _schema_findings(compiled, document)


def _schema_findings(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[Finding]:
    """The schema's findings, with missing containers opened up to what is missing in them."""
    while True:
        found = list(findings(compiled, compiled.validator.iter_errors(document)))
        missing = [
            spot
            for spot, code in found
            if code is ErrorCode.REQUIRED and isinstance(spot.node, ObjectNode)
        ]
        if not missing:
            return found
        document = opened = deepcopy(dict(document))
        for spot in missing:
            _parent_of(spot, opened)[spot.path.rpartition(".")[2]] = {}


def _parent_of(spot: Spot, document: dict[str, Any]) -> dict[str, Any]:  # Any: JSON documents
    """The object in which the container at `spot` is missing; the validator has just seen it."""
    path = spot.path.split(".")[:-1]
    level: Any = document  # Any: a JSON value
    if spot.grid is not None and spot.row is not None:
        level = rows_at(document, spot.grid)[spot.row]
        path = path[len(spot.grid.split(".")) :]
    parent: dict[str, Any] = value_at(level, path)  # Any: a JSON document
    return parent


def _is_read_only(node: Node | None) -> bool:
    """Whether members can write nothing of the leaf or grid."""
    if isinstance(node, GridNode):
        return all(_leaves_read_only(node.row))
    return isinstance(node, LeafNode) and node.field.is_read_only


def _leaves_read_only(node: ObjectNode) -> Iterator[bool]:
    for child in node.children.values():
        if isinstance(child, ObjectNode):
            yield from _leaves_read_only(child)
        else:
            yield _is_read_only(child)
