"""Anonymising, retention and subject access on the pages of contacts (N1-N5)."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.common.admin import BackOfficeAdmin, actor_of, page, refuse
from config.common.admin.pages import refusal_text
from config.common.exceptions import DomainError, ErrorKind, Forbidden
from config.common.json import dumps
from config.common.privacy import PERSONAL_DATA
from contacts.admin.privacy_texts import KEPT, STORES
from contacts.models import Contact
from contacts.selectors.privacy import contacts_to_anonymise, erasure_record, history_count
from contacts.services.anonymisation import Selection, contacts_anonymise
from contacts.services.disclosure import contact_disclose
from contacts.services.retention import contact_retention_set

ANONYMISE = "contacts.anonymise_contact"
RETAIN = "contacts.retain_contact"
DISCLOSE = "contacts.disclose_contact"
CONFIRMATION = "ANONYMISE"

Context = dict[str, Any]  # Any: values of templates


class AnonymiseForm(forms.Form):
    """Why, and a word that nobody types by accident."""

    reason = forms.CharField(max_length=settings.MAX_COMMENT_LENGTH, widget=forms.Textarea)
    confirmation = forms.CharField(max_length=40)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:  # Any: passed on
        super().__init__(*args, **kwargs)
        self.expected = f"{CONFIRMATION} {count}"

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed != self.expected:
            raise forms.ValidationError(gettext("Type exactly: %s") % self.expected)
        return typed


class RetentionForm(forms.Form):
    """Until the beginning of which day, in UTC, and why."""

    until = forms.DateField(required=False)
    reason = forms.CharField(max_length=settings.MAX_COMMENT_LENGTH)

    def moment(self) -> datetime | None:
        """The beginning of the day; expects a valid form."""
        day = self.cleaned_data["until"]
        return None if day is None else datetime.combine(day, time.min, tzinfo=UTC)


class PrivacyPages(BackOfficeAdmin):
    """The pages behind the card "Privacy", and the action of the list. Expects `_reached` of
    ContactAdmin.
    """

    actions = ("anonymise_chosen",)

    def get_urls(self) -> list[URLPattern]:
        def own(route: str, view: Any, name: str, *methods: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(page(view, *methods))
            return path(route, wrapped, name=f"contacts_contact_{name}")

        return [
            own("anonymise/", self.anonymise_view, "anonymise", "GET", "POST"),
            own("<int:object_id>/retention/", self.retention_view, "retention", "POST"),
            own("<int:object_id>/personal-data/", self.disclose_view, "personal_data", "POST"),
            *super().get_urls(),
        ]

    def has_anonymise_permission(self, request: HttpRequest) -> bool:
        """Asked for by the action."""
        return bool(actor_of(request).has_permission(ANONYMISE))

    @admin.action(description=_("Anonymise…"), permissions=["anonymise"])
    def anonymise_chosen(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse:
        """To the page that says what would happen."""
        limit = settings.MAX_CONTACTS_AT_ONCE
        chosen = list(queryset.values_list("pk", flat=True)[: limit + 1])
        if len(chosen) > limit:
            return _too_many(request)
        return self._confirm(request, chosen, AnonymiseForm(count=len(chosen)))

    def anonymise_view(self, request: HttpRequest) -> HttpResponse:
        """The confirmation, and the erasure itself."""
        # It names the contacts: who may not see them chooses by the API, which does not.
        if not (self.has_view_permission(request) and self.has_anonymise_permission(request)):
            raise Forbidden
        sent = request.POST if request.method == "POST" else request.GET
        chosen = _ids(sent.getlist("id"))
        if not chosen:
            return redirect("admin:contacts_contact_changelist")
        if len(chosen) > settings.MAX_CONTACTS_AT_ONCE:
            # More would become a job, of which the page could not say that it is done.
            return _too_many(request)
        if request.method != "POST":
            return self._confirm(request, chosen, AnonymiseForm(count=len(chosen)))
        form = AnonymiseForm(request.POST, count=len(chosen))
        if not form.is_valid():
            return self._confirm(request, chosen, form)
        return self._anonymise(request, chosen, form)

    def retention_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Say until when the contact must be kept (N5)."""
        contact = self._contact(request, object_id, RETAIN)
        form = RetentionForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("A date (or none) and a reason are needed."))
        else:
            try:
                contact_retention_set(
                    actor=actor_of(request),
                    contact_id=contact.pk,
                    retain_until=form.moment(),
                    reason=form.cleaned_data["reason"],
                )
                messages.success(request, gettext("The retention was saved."))
            except DomainError as error:
                refuse(request, error)
        return redirect("admin:contacts_contact_change", contact.pk)

    def disclose_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Everything that is held on the contact, as a file."""
        contact = self._contact(request, object_id, DISCLOSE)
        held = contact_disclose(actor=actor_of(request), contact_id=contact.pk)
        response = HttpResponse(dumps(held), content_type="application/json")
        name = f"personal-data-{contact.pk}.json"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def privacy_context(self, request: HttpRequest, contact: Contact) -> Context:
        """What `privacy.html` shows."""
        actor = actor_of(request)
        is_present = contact.anonymised_at is None
        until = contact.retain_until
        return {
            "may_anonymise": is_present and actor.has_permission(ANONYMISE),
            "may_retain": is_present and actor.has_permission(RETAIN),
            "may_disclose": actor.has_permission(DISCLOSE),
            "erasure": None if is_present else erasure_record(contact_id=contact.pk),
            "type_retain_until": contact.contact_type.retain_until,
            "retain_until_day": until and until.astimezone(UTC).date(),
        }

    def _contact(self, request: HttpRequest, object_id: int, permission: str) -> Contact:
        reached: Any = self  # Any: the contact's page has it
        contact: Contact = reached._reached(request, object_id)
        if not actor_of(request).has_permission(permission):
            raise Forbidden
        return contact

    def _confirm(
        self,
        request: HttpRequest,
        chosen: Sequence[int],
        form: AnonymiseForm,
        refusal: DomainError | None = None,
    ) -> HttpResponse:
        found = contacts_to_anonymise(actor=actor_of(request), contact_ids=chosen)
        contacts: list[Any] = list(found)  # Any: annotated by the selector
        now = timezone.now()
        retained = [
            each.pk
            for each in contacts
            if not each.anonymised_at and each.kept_until and each.kept_until > now
        ]
        context = {
            **self._shell(request, gettext("Anonymise contacts")),
            "contacts": contacts,
            "retained": retained,
            "missing": len(chosen) - len(contacts),
            "chosen": chosen,
            "form": form,
            "refusal": refusal and refusal_text(refusal),
            "history_count": history_count(contact_ids=[each.pk for each in contacts]),
            "stores": [
                (STORES.get(store.name, store.name), KEPT.get(store.name, store.keeps))
                for store in PERSONAL_DATA
            ],
        }
        return TemplateResponse(request, "admin/contacts/contact/anonymise.html", context)

    def _anonymise(
        self, request: HttpRequest, chosen: Sequence[int], form: AnonymiseForm
    ) -> HttpResponse:
        actor = actor_of(request)
        before = set(
            contacts_to_anonymise(actor=actor, contact_ids=chosen)
            .filter(anonymised_at__isnull=False)
            .values_list("pk", flat=True)
        )
        try:
            contacts_anonymise(
                actor=actor,
                selection=Selection(contact_ids=chosen),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            if error.kind is ErrorKind.GENERAL:
                raise
            return self._confirm(request, chosen, form, error)
        context = {
            **self._shell(request, gettext("Anonymised")),
            "contacts": contacts_to_anonymise(actor=actor, contact_ids=chosen),
            "before": before,
            "reason": form.cleaned_data["reason"],
            "summary": ngettext(
                "%(count)s contact was anonymised.",
                "%(count)s contacts were anonymised.",
                len(chosen) - len(before),
            )
            % {"count": len(chosen) - len(before)},
        }
        return TemplateResponse(request, "admin/contacts/contact/anonymised.html", context)

    def _shell(self, request: HttpRequest, title: str) -> Context:
        """What the theme needs around a page about several contacts."""
        self._name_section(request)
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}


def _too_many(request: HttpRequest) -> HttpResponse:
    limit = settings.MAX_CONTACTS_AT_ONCE
    text = ngettext(
        "At most %(limit)s contact at once; the API takes more.",
        "At most %(limit)s contacts at once; the API takes more.",
        limit,
    )
    messages.error(request, text % {"limit": limit})
    return redirect("admin:contacts_contact_changelist")


def _ids(sent: Sequence[str]) -> list[int]:
    """The ids among what was sent, each once; not more than one request takes, and one."""
    numbers = {int(text) for text in sent if text.isascii() and text.isdecimal() and len(text) < 10}
    return sorted(numbers)[: settings.MAX_CONTACTS_AT_ONCE + 1]
