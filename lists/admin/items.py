"""One item: its labels by language, its place, its attributes; whether it is offered."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.common.admin import BackOfficeAdmin, actor_of, page
from config.common.typed import serial_or_none
from lists.admin.tree_page import may, require_permission
from lists.forms import ListItemForm
from lists.labels import label_in
from lists.models import ListItem
from lists.selectors import list_item_get, list_item_uses, list_items_search
from lists.services import (
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
)

_CHANGE = "admin:lists_listitem_change"


@admin.register(ListItem)
class ListItemAdmin(BackOfficeAdmin):
    """Items of all lists. A key stays as it was added, because details store it."""

    can_add = True
    plural = _("List items")
    form = ListItemForm
    list_display = ("label", "item_key", "list_key", "parent_label", "place", "active")
    list_filter = ("list", "is_active")
    list_select_related = ("list", "parent")
    ordering = ("list__key", "position", "key")
    # Shows the search box; what it finds is the selector's matter.
    search_fields = ("key",)
    search_help_text = _("Key or label in any language")
    autocomplete_fields = ("list", "parent")
    change_form_outer_before_template = "admin/lists/listitem/actions.html"

    def get_fields(self, request: HttpRequest, obj: ListItem | None = None) -> list[str]:
        """A reader who may not change anything sees the labels, not their fields."""
        is_shown = obj is not None and not self.has_change_permission(request, obj)
        labels = ["labels_shown"] if is_shown else ListItemForm.label_fields()
        fields = ["list", "key", *labels, "parent", "custom_attributes", "position"]
        return fields if obj is None or is_shown else [*fields, "seen_values"]

    def get_readonly_fields(self, request: HttpRequest, obj: ListItem | None = None) -> list[str]:
        return ["list", "key", "labels_shown"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:  # Any: initial
        """The list and the parent that the page of the list names."""
        names = ("list", "parent")
        return {
            name: number
            for name in names
            if (number := serial_or_none(request.GET.get(name))) is not None
        }

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ListItem], search_term: str
    ) -> tuple[QuerySet[ListItem], bool]:
        return list_items_search(queryset, search_term), False

    def save_model(
        self, request: HttpRequest, obj: ListItem, form: ListItemForm, change: bool
    ) -> None:
        actor, values = actor_of(request), form.values()
        if change:
            list_item_update(actor=actor, item_id=obj.pk, values=values, seen=form.seen())
            return
        created = list_item_create(actor=actor, list_id=obj.list_id, key=obj.key, values=values)
        # What the message says of it.
        obj.pk, obj.labels = created.pk, created.labels

    def get_urls(self) -> list[URLPattern]:
        def own(route: str, view: Any, *methods: str) -> URLPattern:  # Any: a bound view
            wrapped = self.admin_site.admin_view(page(view, *methods))
            return path(f"<int:object_id>/{route}/", wrapped, name=f"lists_listitem_{route}")

        return [
            own("deactivate", self.deactivate_view, "GET", "POST"),
            own("activate", self.activate_view, "POST"),
            *super().get_urls(),
        ]

    def deactivate_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Say who uses the item; hide it when that is confirmed (S6)."""
        require_permission(request, "lists.change_listitem")
        item = list_item_get(object_id)
        if request.method == "POST":
            list_item_deactivate(actor=actor_of(request), item_id=item.pk)
            messages.success(request, gettext("%s is no longer offered.") % item)
            return redirect(_CHANGE, item.pk)
        context = {
            **self.page_context(request, item),
            "title": str(item),
            "item": item,
            "list_label": label_in(item.list.labels, get_language()) or item.list.key,
            "uses": list_item_uses(item),
        }
        return TemplateResponse(request, "admin/lists/listitem/deactivate.html", context)

    def activate_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Offer the item again."""
        require_permission(request, "lists.change_listitem")
        item = list_item_activate(actor=actor_of(request), item_id=object_id)
        messages.success(request, gettext("%s is offered again.") % item)
        return redirect(_CHANGE, item.pk)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        context = {**(extra_context or {}), "can_change": may(request, "lists.change_listitem")}
        return super().changeform_view(request, object_id, form_url, context)

    @admin.display(description=_("Label"))
    def label(self, obj: ListItem) -> str:
        return label_in(obj.labels, get_language()) or obj.key

    @admin.display(description=_("Key"), ordering="key")
    def item_key(self, obj: ListItem) -> str:
        return obj.key

    @admin.display(description=_("List"), ordering="list__key")
    def list_key(self, obj: ListItem) -> str:
        return label_in(obj.list.labels, get_language()) or obj.list.key

    @admin.display(description=_("Parent"))
    def parent_label(self, obj: ListItem) -> str | None:
        return label_in(obj.parent.labels, get_language()) if obj.parent else None

    @admin.display(description=_("Position"), ordering="position")
    def place(self, obj: ListItem) -> int:
        return obj.position

    @admin.display(description=_("Labels"))
    def labels_shown(self, obj: ListItem) -> str:
        return ", ".join(f"{language}: {label}" for language, label in obj.labels.items())

    @display(description=_("Active"), boolean=True, ordering="is_active")
    def active(self, obj: ListItem) -> bool:
        return obj.is_active
