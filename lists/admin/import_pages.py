"""Items of a list from a file, and to a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from config.common.admin import actor_of, page, refusal_text
from config.common.exceptions import DomainError
from lists.admin.tree_page import require_permission
from lists.exceptions import ListChanged, ListFileInvalid
from lists.importing.plan import Action, Entry
from lists.importing.rows import MAX_BYTES, MAX_ROWS
from lists.labels import label_in
from lists.models import ListImport
from lists.selectors import list_csv, list_get
from lists.services import (
    import_entries,
    list_import_confirm,
    list_import_discard,
    list_import_get,
    list_import_prepare,
    list_import_renew,
)

_ITEMS = "admin:lists_list_items"
_SHOWN = 200
_ACTIONS = (
    (Action.REFUSE, _("Refused")),
    (Action.ADD, _("Added")),
    (Action.CHANGE, _("Changed")),
    (Action.KEEP, _("Unchanged")),
)
_FIELDS = {
    "labels": _("Labels"),
    "parent": _("Parent"),
    "custom_attributes": _("Custom attributes"),
    "position": _("Position"),
    "is_active": _("Active"),
}


class _FileForm(forms.Form):
    # The theme's script expects the theme's field around every input for files.
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.json,text/csv,application/json"}),
    )


class ImportPages:
    """Mixed into the page of lists."""

    def import_urls(self) -> list[URLPattern]:
        """Under `<list>/items/`."""

        def own(route: str, view: Any, name: str, *methods: str) -> URLPattern:  # Any: bound
            this: Any = self  # Any: an admin, which this is mixed into
            wrapped = this.admin_site.admin_view(page(view, *methods))
            return path(f"<int:object_id>/items/{route}", wrapped, name=name)

        return [
            own("export/", self.export_view, "lists_list_export", "GET"),
            own("import/", self.upload_view, "lists_list_import", "GET", "POST"),
            own("import/<uuid:import_id>/", self.preview_view, "lists_list_preview", "GET", "POST"),
        ]

    def export_view(self, request: HttpRequest, object_id: int) -> StreamingHttpResponse:
        """All items as a CSV file."""
        require_permission(request, "lists.view_listitem")
        target = list_get(object_id)
        answer = StreamingHttpResponse(list_csv(target), content_type="text/csv; charset=utf-8")
        # The grammar of list keys leaves nothing to escape.
        answer.headers["Content-Disposition"] = f'attachment; filename="{target.key}.csv"'
        return answer

    def upload_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take a file and go on to what it would do."""
        _require_import(request)
        target = list_get(object_id)
        form = _FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            # One byte more than allowed is enough to be refused.
            data = form.cleaned_data["file"].read(MAX_BYTES + 1)
            try:
                prepared = list_import_prepare(
                    actor=actor_of(request), list_id=target.pk, data=data
                )
            except ListFileInvalid as refusal:
                form.add_error("file", refusal_text(refusal))
            else:
                return redirect("admin:lists_list_preview", target.pk, prepared)
        return self._file_page(
            request,
            target,
            "upload.html",
            form=form,
            max_megabytes=MAX_BYTES // 1024 // 1024,
            max_rows=MAX_ROWS,
        )

    def preview_view(self, request: HttpRequest, object_id: int, import_id: UUID) -> HttpResponse:
        """Show what a file would do, and do it when that is confirmed."""
        _require_import(request)
        actor = actor_of(request)
        if request.method == "POST" and "discard" in request.POST:
            list_import_discard(actor=actor, import_id=import_id)
            return redirect(_ITEMS, object_id)
        if request.method == "POST" and "renew" in request.POST:
            list_import_renew(actor=actor, import_id=import_id)
            return redirect("admin:lists_list_preview", object_id, import_id)
        prepared = list_import_get(actor=actor, import_id=import_id)
        refusal: DomainError | None = None
        if request.method == "POST":
            try:
                counts = list_import_confirm(actor=actor, import_id=import_id)
            except (ListChanged, ListFileInvalid) as error:
                refusal = error
            else:
                text = gettext("Items added: %(added)d, changed: %(changed)d, unchanged: %(kept)d.")
                values = {
                    "added": counts[Action.ADD],
                    "changed": counts[Action.CHANGE],
                    "kept": counts[Action.KEEP],
                }
                messages.success(request, text % values)
                return redirect(_ITEMS, object_id)
        return self._preview(request, prepared, refusal)

    def _preview(
        self, request: HttpRequest, prepared: ListImport, refusal: DomainError | None
    ) -> HttpResponse:
        entries = import_entries(prepared)
        groups = [
            {
                "key": action.value,
                "name": name,
                "count": len(found),
                "entries": list(map(_shown, found[:_SHOWN] if action is not Action.KEEP else [])),
                "more": max(len(found) - _SHOWN, 0) if action is not Action.KEEP else 0,
            }
            for action, name in _ACTIONS
            for found in [[entry for entry in entries if entry.action is action]]
        ]
        is_stale = prepared.list.revision != prepared.revision
        changes = groups[1]["count"] or groups[2]["count"]
        return self._file_page(
            request,
            prepared.list,
            "preview.html",
            status=200 if refusal is None else 409,
            groups=groups,
            refusal=refusal_text(refusal) if refusal else None,
            is_stale=is_stale,
            can_confirm=bool(not groups[0]["count"] and changes and not is_stale),
        )

    def _file_page(
        self,
        request: HttpRequest,
        target: Any,  # Any: a list
        template: str,
        status: int = 200,
        **context: Any,  # Any: values of the template
    ) -> HttpResponse:
        this: Any = self  # Any: an admin, which this is mixed into
        name = label_in(target.labels, get_language()) or target.key
        values = {**this.page_context(request, target), "list": target, "title": name, **context}
        return TemplateResponse(request, f"admin/lists/list/{template}", values, status=status)


def _shown(entry: Entry) -> dict[str, Any]:  # Any: values of the template
    """A row of the preview, in the reader's language."""
    labels = entry.item.labels if entry.item else {}
    return {
        "line": entry.line,
        "key": entry.key,
        "text": entry.reason or label_in(labels, get_language()),
        "fields": [_FIELDS[name] for name in entry.fields],
    }


def _require_import(request: HttpRequest) -> None:
    for permission in ("lists.add_listitem", "lists.change_listitem"):
        require_permission(request, permission)
