"""Filters of the queue."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import REVIEW
from changerequests.statuses import STATUS_NAMES
from config.common.admin import actor_of
from config.common.typed import serial_or_none


class StatusFilter(admin.SimpleListFilter):
    """By status, named in the reader's language (C5)."""

    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = STATUS_NAMES.get(get_language() or "en", STATUS_NAMES["en"])
        return [(str(status), names[status]) for status in sorted(names)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        status = serial_or_none(self.value())
        return queryset if status is None else queryset.filter(status=status)


class MineFilter(admin.SimpleListFilter):
    """What the reader may decide, and what it asked for."""

    title = _("Whose turn")
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("decide", _("I may decide")), ("mine", _("My requests"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        actor = actor_of(request)
        own = Q(initiator_id=actor.member_id)
        if self.value() == "mine":
            return queryset.filter(own)
        if self.value() == "decide":
            pending = queryset.filter(status=ChangeRequest.Status.PENDING).exclude(own)
            return pending if actor.has_permission(REVIEW) else pending.none()
        return queryset
