"""Back office of lists: items are edited through the services, nothing is ever deleted (S6)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from config.common.actors import Actor
from lists.forms import ListItemForm
from lists.labels import label_in
from lists.models import List, ListItem
from lists.selectors import list_items_search, lists_with_item_counts
from lists.services import (
    list_create,
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
)


def _actor_of(request: HttpRequest) -> Actor:
    return Actor(member_id=request.user.pk)


@admin.register(List)
class ListAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Lists with their sizes; a list is added here and then lives by its items."""

    list_display = ("key", "label", "source", "item_count", "active_item_count", "revision")
    list_filter = ("source",)
    search_fields = ("key",)
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: List | None = None) -> list[str]:
        return ["key", "labels", "source", "revision"] if obj else ["key", "labels"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[List]:
        return lists_with_item_counts()

    def has_change_permission(self, request: HttpRequest, obj: List | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: List | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: List, form: Any, change: bool) -> None:
        created = list_create(actor=_actor_of(request), key=obj.key, labels=obj.labels)
        obj.pk = created.pk

    @admin.display(description="Label")
    def label(self, obj: List) -> str | None:
        return label_in(obj.labels)

    @admin.display(description="Items", ordering="item_count")
    def item_count(self, obj: Any) -> int:  # Any: annotated by the selector
        return int(obj.item_count)

    @admin.display(description="Active items", ordering="active_item_count")
    def active_item_count(self, obj: Any) -> int:  # Any: annotated by the selector
        return int(obj.active_item_count)


@admin.register(ListItem)
class ListItemAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Items of all lists. A key stays as it was added, because details store it."""

    form = ListItemForm
    list_display = ("key", "label", "list", "parent", "position", "is_active")
    list_filter = ("list", "is_active")
    list_select_related = ("list", "parent")
    ordering = ("list__key", "position", "key")
    # Shows the search box; what it finds is the selector's matter.
    search_fields = ("key",)
    search_help_text = "Key or label in any language"
    autocomplete_fields = ("list", "parent")
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: ListItem | None = None) -> list[str]:
        fields = ["list", "key", "labels", "parent", "custom_attributes", "position"]
        return [*fields, "is_active"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: ListItem | None = None) -> list[str]:
        return ["list", "key"] if obj else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ListItem], search_term: str
    ) -> tuple[QuerySet[ListItem], bool]:
        return list_items_search(queryset, search_term), False

    def has_delete_permission(self, request: HttpRequest, obj: ListItem | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ListItem, form: ListItemForm, change: bool
    ) -> None:
        actor, values = _actor_of(request), form.values()
        if not change:
            created = list_item_create(actor=actor, list_id=obj.list_id, key=obj.key, values=values)
            obj.pk = created.pk
            return
        list_item_update(actor=actor, item_id=obj.pk, values=values)
        set_active = list_item_activate if obj.is_active else list_item_deactivate
        set_active(actor=actor, item_id=obj.pk)

    @admin.display(description="Label")
    def label(self, obj: ListItem) -> str | None:
        return label_in(obj.labels)
