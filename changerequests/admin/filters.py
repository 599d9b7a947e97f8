"""Filters of the queue."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import LEGAL_ENTITY_SCHEMA, queue
from changerequests.selectors.reviewers import decidable_by
from changerequests.statuses import STATUS_NAMES
from config.common.admin import actor_of, reader_language
from config.common.typed import serial_or_none
from contacts.models import ContactType, Member
from crmschema.compiler.model import CompiledSchema, Field
from crmschema.models import CrmSchema
from crmschema.presentation import place_of_path
from crmschema.selectors import compiled

# The reader's views of the queue beside all that it reaches.
VIEWS = {"decide": _("I may decide"), "mine": _("My requests")}
_MOST_DAYS = 10_000
_MOST_PEOPLE = 50


class QueueFilter(admin.SimpleListFilter):
    """A filter by a value of the address, which says whether it takes the value."""

    def takes(self, value: str) -> bool:
        """Whether the filter narrows by the value. Here: by those that it offers."""
        return value in {str(choice) for choice, _title in self.lookup_choices}

    @property
    def is_ignored(self) -> bool:
        """Whether the address holds a value that nothing is filtered by."""
        value = self.value() or ""
        return value != "" and not self.takes(value)

    @property
    def ignored_text(self) -> str:
        """What is said then, or the address would pass for a filter."""
        text = gettext(
            "The address names no known value of the filter “%(title)s”, so it is not applied."
        )
        return text % {"title": self.title}

    def has_output(self) -> bool:
        # Django drops a filter that offers nothing, and what it was asked for with it.
        return bool(self.value()) or bool(super().has_output())


class StatusFilter(QueueFilter):
    """By status, named in the reader's language (C5)."""

    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = STATUS_NAMES[reader_language()]
        return [(str(status), names[status]) for status in sorted(names)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        status = self.value() or ""
        return queryset.filter(status=int(status)) if self.takes(status) else queryset


class MineFilter(QueueFilter):
    """What the reader may decide, and what it asked for."""

    title = _("Whose turn")
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(VIEWS.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        actor = actor_of(request)
        if self.value() == "mine":
            return queryset.filter(initiator_id=actor.member_id)
        if self.value() == "decide":
            return queryset.filter(decidable_by(actor))
        return queryset


class AgeFilter(QueueFilter):
    """How long ago the request was made, in days: since, or before."""

    title = _("Age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("-1", _("Last 24 hours")),
            ("-7", _("Last 7 days")),
            ("3", _("Older than 3 days")),
            ("7", _("Older than 7 days")),
            ("30", _("Older than 30 days")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        choice = self.value() or ""
        days = _days(choice)
        if days is None:
            return queryset
        limit = timezone.now() - timedelta(days=days)
        if choice.startswith("-"):
            return queryset.filter(created_at__gte=limit)
        return queryset.filter(created_at__lt=limit)

    def takes(self, value: str) -> bool:
        return _days(value) is not None


class InitiatorFilter(QueueFilter):
    """Whose request it is; offered are those who have one pending within the reader's reach, and
    whom the address names, as far as the reader reaches one of its requests.
    """

    title = _("Requested by")
    parameter_name = "initiator"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if _is_walk(request):
            return []
        reached = queue(actor=actor_of(request))
        pending = reached.filter(status=ChangeRequest.Status.PENDING)
        ordered = Member.objects.order_by("first_name", "last_name", "username")
        offered = list(ordered.filter(pk__in=pending.values("initiator"))[:_MOST_PEOPLE])
        named = serial_or_none(self.value())
        if named is not None and named not in {member.pk for member in offered}:
            of_named = reached.filter(initiator=named).values("initiator")
            offered += ordered.filter(pk__in=of_named)
        return [(str(member.pk), member.name) for member in offered]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        member = serial_or_none(self.value())
        return queryset if member is None else queryset.filter(initiator=member)

    def takes(self, value: str) -> bool:
        return serial_or_none(value) is not None


class PathFilter(QueueFilter):
    """What the request changes; offered are the fields that need approval, by their labels."""

    title = _("Field")
    parameter_name = "path"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if _is_walk(request):
            return []
        keys = {*ContactType.objects.values_list("schema__key", flat=True), LEGAL_ENTITY_SCHEMA}
        known = CrmSchema.objects.filter(key__in=keys).values_list("key", flat=True)
        schemas = [compiled(key) for key in sorted(known)]
        places = {
            field.path: _place(schema, field)
            for schema in schemas
            for field in schema.fields
            if field.is_approval_required
        }
        return sorted(places.items(), key=lambda place: place[1])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> QuerySet[ChangeRequest]:
        # Without what no text of the database holds, and no path either.
        path = (self.value() or "").replace("\x00", " ")
        return queryset.filter(paths__contains=[path]) if path else queryset

    def takes(self, value: str) -> bool:
        """Any field: one that no request changes finds nothing."""
        return True


def _is_walk(request: HttpRequest) -> bool:
    """Whether the list is only walked along (`KeptList.listed`): then nobody chooses from it."""
    return getattr(request, "is_walk", False)


def _days(choice: str) -> int | None:
    """How many days an age names, without its sign; None where it names none."""
    days = serial_or_none(choice.removeprefix("-"))
    return days if days is not None and days <= _MOST_DAYS else None


def _place(schema: CompiledSchema, field: Field) -> str:
    language = reader_language()
    if field.grid is None:
        return place_of_path(schema, field.path, language)
    grid = schema.grids[field.grid].label.in_language(language)
    return f"{grid} / {field.label.in_language(language)}"
