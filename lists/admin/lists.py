"""The lists, and the pages of one list."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from config.common.admin import BackOfficeAdmin, CountedList, actor_of, page
from lists.admin.import_pages import ImportPages
from lists.admin.tree_page import TreePage
from lists.forms import ListForm
from lists.labels import label_in
from lists.models import List
from lists.selectors import lists_with_item_counts
from lists.services import list_create, list_labels_edit, reference_lists_refresh

_CHANGELIST = "admin:lists_list_changelist"


class _ListOfLists(CountedList):
    """Each leads to its items."""

    def url_for_result(self, result: List) -> str:
        return reverse("admin:lists_list_items", args=[result.pk])


@admin.register(List)
class ListAdmin(TreePage, ImportPages, BackOfficeAdmin):
    """Lists with their sizes. A list is added and named here, and lives by its items."""

    can_add = True
    plural = _("Lists")
    list_display = (
        "label",
        "list_key",
        "source_name",
        "active_item_count",
        "item_count",
        "list_revision",
    )
    list_filter = ("source",)
    search_fields = ("key",)
    search_help_text = _("Key")
    list_before_template = "admin/lists/list/refresh.html"

    form = ListForm

    def get_fields(self, request: HttpRequest, obj: List | None = None) -> list[str]:
        """A reader who may not change anything sees the labels, not their fields."""
        if obj is None:
            return ["key", *ListForm.label_fields()]
        if not self.has_change_permission(request, obj):
            return ["key", "labels_shown", "source_name", "revision"]
        return ["key", *ListForm.label_fields(), "seen_labels", "source_name", "revision"]

    def get_readonly_fields(self, request: HttpRequest, obj: List | None = None) -> list[str]:
        return ["key", "labels_shown", "source_name", "revision"] if obj else []

    def get_changelist(
        self, request: HttpRequest, **kwargs: Any
    ) -> type[CountedList]:  # Any: unused
        return _ListOfLists

    def get_queryset(self, request: HttpRequest) -> QuerySet[List]:
        return lists_with_item_counts()

    def save_model(self, request: HttpRequest, obj: List, form: ListForm, change: bool) -> None:
        actor, labels = actor_of(request), form.cleaned_data["labels"]
        if change:
            list_labels_edit(actor=actor, list_id=obj.pk, seen=form.seen(), labels=labels)
            return
        created = list_create(actor=actor, key=obj.key, labels=labels)
        # What the message says of it.
        obj.pk, obj.labels = created.pk, created.labels

    def response_add(
        self, request: HttpRequest, obj: List, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its items."""
        return redirect("admin:lists_list_items", obj.pk)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],  # Any: Django's signature
        *args: Any,  # Any: passed on
        **kwargs: Any,  # Any: passed on
    ) -> HttpResponse:
        """One button: saving leads to the items."""
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: List) -> HttpResponse:
        """Back to its items."""
        messages.success(request, gettext("The names of the list were saved."))
        return redirect("admin:lists_list_items", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        refresh = self.admin_site.admin_view(page(self.refresh_view, "POST"))
        return [
            path("refresh/", refresh, name="lists_list_refresh"),
            *self.tree_urls(),
            *self.import_urls(),
            *super().get_urls(),
        ]

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        context = {**(extra_context or {}), "can_refresh": _may_refresh(request)}
        return super().changelist_view(request, context)

    def refresh_view(self, request: HttpRequest) -> HttpResponse:
        """Bring the reference lists to what the libraries say, and tell what that changed."""
        if not _may_refresh(request):
            raise PermissionDenied
        for result in reference_lists_refresh(actor=actor_of(request)):
            text = gettext("%(list)s: %(created)d added, %(updated)d changed.") % {
                "list": result.list_key,
                "created": result.created,
                "updated": result.updated,
            }
            shown = ", ".join(result.keys[:20])
            messages.success(request, f"{text} {shown}" if shown else text)
        return redirect(_CHANGELIST)

    @admin.display(description=_("Label"))
    def label(self, obj: List) -> str:
        return label_in(obj.labels, get_language()) or obj.key

    @admin.display(description=_("Key"), ordering="key")
    def list_key(self, obj: List) -> str:
        return obj.key

    @admin.display(description=_("Labels"))
    def labels_shown(self, obj: List) -> str:
        return ", ".join(f"{language}: {label}" for language, label in obj.labels.items())

    @admin.display(description=_("Revision"), ordering="revision")
    def list_revision(self, obj: List) -> int:
        return obj.revision

    @admin.display(description=_("Origin"), ordering="source")
    def source_name(self, obj: List) -> str:
        return gettext(obj.get_source_display())

    @admin.display(description=_("Items"), ordering="item_count")
    def item_count(self, obj: Any) -> int:  # Any: annotated by the selector
        return int(obj.item_count)

    @admin.display(description=_("Active items"), ordering="active_item_count")
    def active_item_count(self, obj: Any) -> int:  # Any: annotated by the selector
        return int(obj.active_item_count)


def _may_refresh(request: HttpRequest) -> bool:
    actor = actor_of(request)
    needed = ("lists.add_listitem", "lists.change_listitem")
    return all(actor.has_permission(permission) for permission in needed)
