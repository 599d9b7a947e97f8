"""The audit log (H3): read by those who may, changed by nobody."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.common.admin.base import LongListPaginator, ReadOnlyAdmin
from config.common.audit_words import audit_words
from config.common.models import AuditEvent
from config.common.typed import search_words


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what to which object, latest first."""

    plural = _("Audit log")
    list_display = ("recorded_on", "actor", "did", "object", "changed_fields", "stated_reason")
    list_display_links = ("recorded_on",)
    list_filter = (("created_at", admin.DateFieldListFilter),)
    list_select_related = ("member", "app")
    paginator = LongListPaginator
    ordering = ("-id",)
    search_fields = ("operation",)
    search_help_text = _("Operation, object (contact 12), member or correlation id")
    fields: ClassVar = (
        "recorded_on",
        "actor",
        "did",
        "object",
        "changed_fields",
        "stated_reason",
        "of_request",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """By `audit_words`."""
        words = list(search_words(search_term))
        return (queryset.filter(audit_words(words)) if words else queryset), False

    @admin.display(description=_("When"), ordering="id")
    def recorded_on(self, obj: AuditEvent) -> datetime:
        return obj.created_at

    @admin.display(description=_("Who"))
    def actor(self, obj: AuditEvent) -> str:
        who: list[Any] = [part for part in (obj.member, obj.app) if part is not None]
        return " · ".join(map(str, who)) or str(_("System"))

    @admin.display(description=_("Operation"))
    def did(self, obj: AuditEvent) -> str:
        return obj.operation

    @admin.display(description=_("Object"))
    def object(self, obj: AuditEvent) -> str:
        return f"{obj.object_type} {obj.object_id}"

    @admin.display(description=_("Fields"))
    def changed_fields(self, obj: AuditEvent) -> str:
        return ", ".join(obj.fields)

    @admin.display(description=_("Reason"))
    def stated_reason(self, obj: AuditEvent) -> str:
        return obj.reason

    @admin.display(description=_("Correlation id"))
    def of_request(self, obj: AuditEvent) -> str:
        return obj.correlation_id
