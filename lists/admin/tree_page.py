"""The items of one list as a tree, with their labels to edit in place."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, ngettext

from config.common.admin import actor_of, page, refusal_text
from config.common.exceptions import DomainError
from config.common.typed import MAX_TERM_LENGTH, serial_or_none
from lists.exceptions import ListChanged, ListDataInvalid
from lists.labels import label_in
from lists.models import List, ListItem
from lists.selectors import Tree, TreeRow, list_get, list_item_find, list_parents, list_tree
from lists.services import ItemEdit, list_item_move, list_items_edit

_MAX_OPEN = 50
# No text of a field holds one.
_BETWEEN = "\t"
_ITEMS = "admin:lists_list_items"


class TreePage:
    """Mixed into the page of lists."""

    def tree_urls(self) -> list[URLPattern]:
        """Under `<list>/items/`."""
        return [
            self._own("items/", self.tree_view, "lists_list_items", "GET", "POST"),
            self._own("items/move/", self.move_view, "lists_list_move", "POST"),
        ]

    def _own(self, route: str, view: Any, name: str, *methods: str) -> URLPattern:  # Any: bound
        this: Any = self  # Any: an admin, which this is mixed into
        wrapped = this.admin_site.admin_view(page(view, *methods))
        return path(f"<int:object_id>/{route}", wrapped, name=name)

    def tree_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show a page of the tree; save what was typed into it."""
        require_permission(request, "lists.view_listitem")
        target = list_get(object_id)
        if request.method == "POST":
            require_permission(request, "lists.change_listitem")
            return self._save(request, target)
        return self._tree_page(request, target)

    def move_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let an item change places with its neighbour."""
        require_permission(request, "lists.change_listitem")
        item_id = serial_or_none(request.POST.get("item")) or 0
        item = list_item_find(item_id, list_id=object_id)
        list_item_move(
            actor=actor_of(request), item_id=item.pk, is_up=request.POST.get("to") == "up"
        )
        return redirect(_back(request, object_id))

    def _save(self, request: HttpRequest, target: List) -> HttpResponse:
        try:
            count = list_items_edit(
                actor=actor_of(request),
                list_id=target.pk,
                revision=serial_or_none(request.POST.get("revision")) or 0,
                edits=_edits(request),
            )
        except (ListChanged, ListDataInvalid) as refusal:
            return self._tree_page(request, target, refusal)
        text = ngettext("%d item was changed.", "%d items were changed.", count)
        messages.success(request, text % count)
        return redirect(_back(request, target.pk))

    def _tree_page(
        self, request: HttpRequest, target: List, refusal: DomainError | None = None
    ) -> HttpResponse:
        this: Any = self  # Any: an admin, which this is mixed into
        view = _View(request)
        tree = list_tree(
            list_id=target.pk,
            number=request.GET.get("page"),
            text=view.text,
            parent_id=view.parent_id,
            opened=view.opened,
        )
        errors = (refusal.properties or {}).get("errors", {}) if refusal else {}
        sent = request.POST if refusal else {}
        context = {
            **this.page_context(request, target),
            "title": label_in(target.labels, get_language()) or target.key,
            "list": target,
            "view": view,
            "tree": tree,
            "languages": settings.LANGUAGES,
            "rows": [_shown(view, row, errors, sent) for row in tree.rows],
            "parents": _parents(target, tree, view),
            "refusal": refusal_text(refusal) if refusal else None,
            "can_change": may(request, "lists.change_listitem"),
            "can_rename": may(request, "lists.change_list"),
            "can_add": may(request, "lists.add_listitem"),
            "range": tree.page.paginator.get_elided_page_range(tree.page.number),
        }
        status = 200 if refusal is None else 409 if isinstance(refusal, ListChanged) else 400
        return TemplateResponse(request, "admin/lists/list/items.html", context, status=status)


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the reader may."""
    return actor_of(request).has_permission(permission)


def require_permission(request: HttpRequest, permission: str) -> None:
    """Refuse readers who may not. Raises PermissionDenied."""
    if not may(request, permission):
        raise PermissionDenied


class _Cell(NamedTuple):
    """A field: its value, and what is stored in the place of it where that is news."""

    name: str
    value: str
    meanwhile: str | None


class _View:
    """What the address says is to be seen."""

    def __init__(self, request: HttpRequest) -> None:
        self.text = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_TERM_LENGTH]
        self.parent_id = serial_or_none(request.GET.get("parent"))
        numbers = request.GET.get("open", "").split(",")[:_MAX_OPEN]
        self.opened = [number for number in map(serial_or_none, numbers) if number is not None]

    def address(self, **changes: Any) -> str:  # Any: ids and texts
        """The query of the same view with changes; what is empty is left out."""
        values = {
            "q": self.text,
            "parent": self.parent_id,
            "open": ",".join(map(str, self.opened)),
            **changes,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def toggled(self, item_id: int) -> str:
        """The view with an item opened, or closed."""
        opened = [number for number in self.opened if number != item_id]
        if len(opened) == len(self.opened):
            opened.append(item_id)
        return self.address(open=",".join(map(str, opened)))

    @property
    def here(self) -> str:
        """The query of this view."""
        return self.address()


def _shown(
    view: _View, row: TreeRow, errors: dict[str, list[str]], sent: Mapping[str, str]
) -> dict[str, Any]:  # Any: values of the template
    """A row with what its fields hold; `sent` are those of a form that was refused."""
    item = row.item
    cells = _cells(item, sent)
    return {
        "row": row,
        "item": item,
        "label": label_in(item.labels, get_language()) or item.key,
        "parent_label": label_in(item.parent.labels, get_language()) if item.parent else None,
        "toggle": view.toggled(item.pk),
        "only": view.address(parent=item.pk, q="", open=""),
        "errors": errors.get(str(item.pk), ()),
        "seen": _BETWEEN.join(_stored(item).values()),
        "labels": list(zip(dict(settings.LANGUAGES), cells[:-1], strict=True)),
        "position": cells[-1],
    }


def _stored(item: ListItem) -> dict[str, str]:
    """What is stored, by the names of the fields."""
    languages = [language for language, _name in settings.LANGUAGES]
    labels = {f"label-{item.pk}-{code}": item.labels.get(code, "") for code in languages}
    return {**labels, f"position-{item.pk}": str(item.position)}


def _cells(item: ListItem, sent: Mapping[str, str]) -> list[_Cell]:
    """What was typed, with what somebody else has stored meanwhile; what was left alone shows what
    is stored, so that sending the form again takes back nothing that its reader has not seen.
    """
    stored = _stored(item)
    seen = sent.get(f"seen-{item.pk}", "").split(_BETWEEN)
    if len(seen) != len(stored):
        seen = list(stored.values())
    cells = []
    for (name, now), before in zip(stored.items(), seen, strict=True):
        typed = sent.get(name, before)
        is_lost = typed != before and now not in (before, typed)
        cells.append(_Cell(name, now if typed == before else typed, now if is_lost else None))
    return cells


def _parents(target: List, tree: Tree, view: _View) -> list[dict[str, Any]]:  # Any: of the template
    """The parents to choose from."""
    return [
        {
            "id": item.pk,
            "label": f"{label_in(item.labels, get_language()) or item.key} ({item.key})",
            "is_chosen": item.pk == view.parent_id,
        }
        for item in list_parents(target.pk)
    ]


def _edits(request: HttpRequest) -> dict[int, ItemEdit]:
    """What the fields of the page say, by item."""
    edits: dict[int, ItemEdit] = {}
    for name in request.POST:
        kind, _dash, number = name.partition("-")
        item_id = serial_or_none(number)
        if kind == "position" and item_id is not None:
            labels = {
                language: request.POST[f"label-{item_id}-{language}"]
                for language, _name in settings.LANGUAGES
                if f"label-{item_id}-{language}" in request.POST
            }
            position = serial_or_none(request.POST[name].strip())
            edits[item_id] = ItemEdit(labels=labels, position=-1 if position is None else position)
    return edits


def _back(request: HttpRequest, list_id: int) -> str:
    """The view that the form was on; the query is ours, whatever it says."""
    query = request.META.get("QUERY_STRING", "")
    return reverse(_ITEMS, args=[list_id]) + (f"?{query}" if query else "")
