"""Columns, table cells and tabs: what holds components without being one."""

from dataclasses import dataclass
from typing import Any, Final

from crmschema.compiler.attributes import translations_of
from crmschema.compiler.drafts import Draft, Pane
from crmschema.compiler.model import LayoutType, Text
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.texts import text_of
from crmschema.compiler.values import is_empty, is_plain_text

_WIDTHS: Final = ("width", "offset", "push", "pull")
_SIZES: Final = frozenset({"xs", "sm", "md", "lg", "xl"})
_MAX_WIDTH = 12


@dataclass(slots=True)
class PaneSource:
    """A pane with its source's components and its own canonical object."""

    pane: Pane
    components: Any  # Any: a JSON value
    canonical: dict[str, Any]  # Any: a JSON document


def pane_sources(
    draft: Draft, panes: list[Any], problems: Problems
) -> list[PaneSource]:  # Any: JSON
    """The panes of a layout, entered into its canonical component; their children come later."""
    if draft.type.name == "tabs":
        return _tabs(draft, panes, problems)
    if draft.type.name == "columns":
        return _columns(draft, panes, problems)
    return _cells(draft, panes, problems)


def _tabs(draft: Draft, panes: list[Any], problems: Problems) -> list[PaneSource]:  # Any: JSON
    sources: list[PaneSource] = []
    draft.component["components"] = []
    for index, raw in enumerate(panes):
        key = raw.get("key") if isinstance(raw, dict) else None
        key = key if isinstance(key, str) else ""
        place = Place(f"{draft.place.path}.components[{index}]", key[:64] or None)
        if not _is_pane(raw, place, problems):
            continue
        label = raw.get("label")
        if not isinstance(label, str) or not is_plain_text(label):
            problems.add(place, "TextForbidden", "The label must be a plain text.")
            label = ""
        canonical: dict[str, Any] = {"key": key, "label": label or key}  # Any: a JSON document
        translations = _tab_translations(raw.get("crm"), place, problems)
        if translations:
            canonical["crm"] = {"i18n": translations}
        draft.component["components"].append(canonical)
        pane = Pane(key, place, LayoutType.TAB, text_of(canonical, "label"), [])
        sources.append(PaneSource(pane, raw.get("components"), canonical))
    return sources


def _tab_translations(raw: Any, place: Place, problems: Problems) -> dict[str, Any]:  # Any: JSON
    """A tab's CRM attributes are its label in other languages, nothing else."""
    if is_empty(raw):
        return {}
    try:
        if not isinstance(raw, dict) or not raw.keys() <= {"i18n"}:
            raise ValueError("of a tab holds “i18n” only")
        return {} if is_empty(raw["i18n"]) else translations_of(raw["i18n"])
    except ValueError as error:
        problems.add(place, "AttributeInvalid", f"“crm” {error}.")
        return {}


def _columns(draft: Draft, panes: list[Any], problems: Problems) -> list[PaneSource]:  # Any: JSON
    sources: list[PaneSource] = []
    draft.component["columns"] = []
    for index, raw in enumerate(panes):
        place = Place(f"{draft.place.path}.columns[{index}]", draft.key or None)
        if not _is_pane(raw, place, problems):
            continue
        canonical = _column(raw)
        draft.component["columns"].append(canonical)
        sources.append(_column_source(draft, place, len(sources) + 1, raw, canonical))
    return sources


def _column(raw: dict[str, Any]) -> dict[str, Any]:  # Any: JSON documents
    """A column's geometry; what is no geometry is dropped."""
    canonical: dict[str, Any] = {}  # Any: a JSON document
    for name in _WIDTHS:
        value = raw.get(name)
        if type(value) is int and 0 <= value <= _MAX_WIDTH:
            canonical[name] = value
    size = raw.get("size")
    if isinstance(size, str) and size in _SIZES:
        canonical["size"] = size
    return canonical


def _cells(draft: Draft, panes: list[Any], problems: Problems) -> list[PaneSource]:  # Any: JSON
    sources: list[PaneSource] = []
    draft.component["rows"] = []
    for row_index, row in enumerate(panes):
        row_path = f"{draft.place.path}.rows[{row_index}]"
        if not isinstance(row, list):
            problems.add(Place(row_path), "PropertyInvalid", "A row must be an array of cells.")
            continue
        cells: list[dict[str, Any]] = []  # Any: a JSON document
        draft.component["rows"].append(cells)
        for index, raw in enumerate(row):
            place = Place(f"{row_path}[{index}]", draft.key or None)
            if _is_pane(raw, place, problems):
                cells.append({})
                sources.append(_column_source(draft, place, len(sources) + 1, raw, cells[-1]))
    return sources


def _column_source(
    draft: Draft,
    place: Place,
    number: int,
    raw: dict[str, Any],  # Any: a JSON document
    canonical: dict[str, Any],  # Any: a JSON document
) -> PaneSource:
    pane = Pane(f"{draft.key}.{number}", place, LayoutType.COLUMN, Text(""), [])
    return PaneSource(pane, raw.get("components"), canonical)


def _is_pane(raw: Any, place: Place, problems: Problems) -> bool:  # Any: a JSON value
    if not isinstance(raw, dict):
        problems.add(place, "PropertyInvalid", "A pane must be an object.")
        return False
    if "$ref" in raw:
        problems.add(place, "ReferenceForbidden", "References are not allowed.")
    return True
