"""Schemas and their versions; they are saved by the editor and by the API."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from config.common.admin import ReadOnlyAdmin, actor_of
from crmschema.admin.editor import editor_urls, may_edit
from crmschema.admin.versions import versions_urls
from crmschema.models import CrmSchema, SchemaRebuild


class RebuildInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """How far names and filters have followed a version. Whoever sees the schema sees it."""

    model = SchemaRebuild
    fields = ("version", "status", "progress", "changed", "started_at", "ended_at")
    readonly_fields = fields
    ordering = ("-id",)
    extra = 0
    per_page = 20
    hide_title = True
    verbose_name_plural = _("Names and filters of stored details")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return True

    @admin.display(description=_("Version"))
    def version(self, obj: SchemaRebuild) -> int:
        return obj.token

    @admin.display(description=_("Looked at"))
    def progress(self, obj: SchemaRebuild) -> str:
        total = max(obj.checked, obj.total)
        return gettext("%(checked)s of %(total)s") % {"checked": obj.checked, "total": total}

    @admin.display(description=_("Changed"))
    def changed(self, obj: SchemaRebuild) -> int:
        return obj.rebuilt

    @admin.display(description=_("Started"))
    def started_at(self, obj: SchemaRebuild) -> str:
        return str(display_for_value(obj.created_at, "–"))

    @admin.display(description=_("Finished"))
    def ended_at(self, obj: SchemaRebuild) -> str:
        return str(display_for_value(obj.finished_at, "–"))


@admin.register(CrmSchema)
class CrmSchemaAdmin(ReadOnlyAdmin):
    """The schemas that rule details."""

    plural = _("Schemas")
    list_display = ("schema_key", "version", "saved_at")
    fields = ("schema_key", "version", "source")
    readonly_fields = fields
    search_fields = ("key",)
    ordering = ("key",)
    inlines = (RebuildInline,)
    change_form_outer_before_template = "admin/crmschema/crmschema/actions.html"

    def get_inlines(
        self, request: HttpRequest, obj: CrmSchema | None
    ) -> tuple[type[RebuildInline], ...]:
        """No table of rebuilds where there was none."""
        return self.inlines if obj is not None and obj.rebuilds.exists() else ()

    def get_urls(self) -> list[URLPattern]:
        return [*editor_urls(self.admin_site), *versions_urls(self), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        named = {"title": _("Schema"), "may_edit": may_edit(actor_of(request))}
        extra = {**(extra_context or {}), **named}
        return super().change_view(request, object_id, form_url, extra)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CrmSchema]:
        found: QuerySet[CrmSchema] = super().get_queryset(request)
        return found.annotate(saved_at=Max("versions__created_at"))

    # With names in the reader's language: fields of models have English ones only.
    @admin.display(description=_("Key"), ordering="key")
    def schema_key(self, obj: CrmSchema) -> str:
        return obj.key

    @admin.display(description=_("Version"), ordering="concurrency_token")
    def version(self, obj: CrmSchema) -> int:
        return obj.concurrency_token

    @admin.display(description=_("Last saved"))
    def saved_at(self, obj: Any) -> Any:  # Any: annotated above
        return obj.saved_at

    @admin.display(description=_("Source"))
    def source(self, obj: CrmSchema) -> str:
        text = json.dumps(json.loads(obj.schema), ensure_ascii=False, indent=2)
        return format_html('<pre class="bo-source">{}</pre>', text)
