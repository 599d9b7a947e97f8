"""The outbox (V7): what was sent to whom and when, masked; never a text, a key or an address."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.common.admin.base import ReadOnlyAdmin, actor_of
from config.common.admin.pages import page, refuse
from config.common.exceptions import DomainError, Forbidden, NotFound
from config.common.models import OutboxMessage
from config.common.outbox import MESSAGE_TEMPLATES, outbox_cancel, outbox_retry
from config.common.outbox.templates import kind_label
from config.common.typed import serial_or_none

CHANGE = "common.change_outboxmessage"
STATES = {
    "Pending": pgettext_lazy("message", "Waiting"),
    "Sending": pgettext_lazy("message", "On its way"),
    "Sent": pgettext_lazy("message", "Sent"),
    "Failed": pgettext_lazy("message", "Failed"),
    "Cancelled": pgettext_lazy("message", "Cancelled"),
}
CHANNELS = {"Email": gettext_lazy("Email"), "Mobile": gettext_lazy("Mobile")}
_COLOURS = {"Pending": "warning", "Sending": "info", "Sent": "success", "Failed": "danger"}


def _column(name: str, label: Any) -> Any:  # Any: a text that is translated when it is shown
    """A column under a name in the reader's language; models have English names only."""

    @display(description=label)
    def shown(self: object, obj: OutboxMessage) -> Any:  # Any: as the column has it
        return getattr(obj, name) or None

    return shown


class _NamedFilter(admin.SimpleListFilter):
    """By a column, its values named in the reader's language."""

    names: ClassVar[dict[str, Any]] = {}  # Any: texts that are translated when they are shown

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.names.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage]
    ) -> QuerySet[OutboxMessage]:
        value = self.value()
        known = {name for name, _label in self.lookup_choices}
        return queryset.filter(**{self.parameter_name or "": value}) if value in known else queryset


class StateFilter(_NamedFilter):
    title, parameter_name, names = _("Status"), "state", STATES


class ChannelFilter(_NamedFilter):
    title, parameter_name, names = _("Channel"), "channel", CHANNELS


class KindFilter(_NamedFilter):
    title, parameter_name = _("Message"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(template.kind, template.label) for template in MESSAGE_TEMPLATES]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Messages, latest first. What is sealed is not even read."""

    plural = _("Messages")
    list_display = ("written_on", "kind_name", "way", "recipient", "status", "tries", "failure")
    list_display_links = ("written_on",)
    list_filter = (
        StateFilter,
        ChannelFilter,
        KindFilter,
        ("created_at", admin.DateFieldListFilter),
    )
    ordering = ("-id",)
    search_fields = ("message_id",)
    search_help_text = _("Id of the contact that it concerns")
    change_form_outer_before_template = "admin/common/outboxmessage/actions.html"
    fields: ClassVar = (
        "written",
        "kind_name",
        "way",
        "recipient",
        "tongue",
        "contact",
        "state_name",
        "tries",
        "failure",
        "next_attempt",
        "end",
        "finished",
        "identifier",
    )
    written = _column("created_at", _("When"))
    tongue = _column("language", _("Language"))
    contact = _column("contact_id", _("Contact"))
    tries = _column("attempts", _("Attempts"))
    failure = _column("error", _("Error"))
    end = _column("expires_at", _("Sent until"))
    finished = _column("finished_at", _("Finished"))
    identifier = _column("message_id", _("Message id"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        return OutboxMessage.objects.defer("sealed").order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage], search_term: str
    ) -> tuple[QuerySet[OutboxMessage], bool]:
        if not search_term:
            return queryset, False
        contact_id = serial_or_none(search_term.strip())
        return queryset.none() if contact_id is None else queryset.filter(
            contact_id=contact_id
        ), False

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(page(self.retry_view, "POST"))
        cancel = self.admin_site.admin_view(page(self.cancel_view, "POST"))
        return [
            path("<int:object_id>/retry/", retry, name="common_outboxmessage_retry"),
            path("<int:object_id>/cancel/", cancel, name="common_outboxmessage_cancel"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:  # Any: Django's signature
        context["may_act"] = actor_of(request).has_permission(CHANGE)
        return super().render_change_form(request, context, *args, **kwargs)

    def retry_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Try a message again now."""
        return self._act(
            request, object_id, outbox_retry, gettext("The message is tried again at once.")
        )

    def cancel_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Never send a message."""
        return self._act(request, object_id, outbox_cancel, gettext("The message was cancelled."))

    def _act(
        self, request: HttpRequest, object_id: int, service: Any, done: str
    ) -> HttpResponse:  # Any: one of the two services
        actor = actor_of(request)
        if not self.has_view_permission(request):
            raise NotFound
        if not actor.has_permission(CHANGE):
            raise Forbidden
        try:
            service(actor=actor, message_id=object_id)
            messages.success(request, done)
        except NotFound:
            raise
        except DomainError as error:
            refuse(request, error)
        return redirect("admin:common_outboxmessage_change", object_id)

    @display(description=_("When"), ordering="id")
    def written_on(self, obj: OutboxMessage) -> Any:
        return obj.created_at

    @display(description=_("Message"))
    def kind_name(self, obj: OutboxMessage) -> str:
        return kind_label(obj.kind)

    @display(description=_("Channel"))
    def way(self, obj: OutboxMessage) -> str:
        return str(CHANNELS[obj.channel])

    @display(description=_("Recipient"))
    def recipient(self, obj: OutboxMessage) -> str | None:
        return obj.recipient_hint or None

    @display(description=_("Status"), label=_COLOURS)
    def status(self, obj: OutboxMessage) -> tuple[str, str]:
        return obj.state, str(STATES[obj.state])

    @display(description=_("Status"))
    def state_name(self, obj: OutboxMessage) -> str:
        return str(STATES[obj.state])

    @display(description=_("Next attempt"))
    def next_attempt(self, obj: OutboxMessage) -> Any:
        return obj.next_attempt_at if obj.finished_at is None else None
