"""Contacts: found, read with their history, and assigned. Details change by submissions only."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from changerequests.selectors.back_office import with_pending_flag
from changerequests.selectors.requests import pending_change_request
from config.common.admin import actor_of, page, refuse
from config.common.exceptions import DomainError, Forbidden
from config.common.typed import serial_or_none
from contacts.admin.identity import IdentityPages
from contacts.admin.past import past_view
from contacts.admin.privacy import PrivacyPages
from contacts.admin.timeline import timeline
from contacts.admin.waiting import WaitingChannelPages
from contacts.models import Contact, Member
from contacts.selectors.back_office import (
    assignable_members,
    contact_get,
    contact_list,
    contact_ref,
    contact_search,
    history_page,
)
from contacts.services.contacts import contact_members_set
from crmschema.presentation import sections
from crmschema.selectors import compiled
from lists.labels import label_in

ASSIGN = "contacts.assign_contact"


class AdvisersForm(forms.Form):
    """Who advises a contact."""

    members = forms.ModelMultipleChoiceField(
        queryset=Member.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, contact: Contact, *args: Any, **kwargs: Any) -> None:  # Any: passed on
        super().__init__(*args, **kwargs)
        members = assignable_members(contact)
        self.fields["members"].queryset = members  # type: ignore[attr-defined]

    def uids(self) -> list[UUID]:
        """The chosen members; expects a valid form."""
        return [member.uid for member in self.cleaned_data["members"]]


@admin.register(Contact)
class ContactAdmin(PrivacyPages, IdentityPages, WaitingChannelPages):
    """The contacts within reach. No form here writes details (AD-04)."""

    plural = _("Contacts")
    list_display = ("name", "id", "type_label", "advisers", "login", "pending")
    list_display_links = ("name",)
    list_filter = (("contact_type", admin.RelatedOnlyFieldListFilter),)
    ordering = ("-pk",)
    search_fields = ("display_name",)
    search_help_text = _("Name, id, uid, username or external id")

    def has_view_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return bool(actor_of(request).has_permission("contacts.view_contact"))

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return with_pending_flag(contact_list(actor=actor_of(request))).order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        return contact_search(queryset, search_term), False

    @display(description=_("Name"), ordering="display_name_folded")
    def name(self, obj: Contact) -> str:
        return obj.display_name

    @display(description=_("Username"), ordering="username_folded")
    def login(self, obj: Contact) -> str | None:
        return obj.username

    @display(description=_("Type"), ordering="contact_type__key")
    def type_label(self, obj: Contact) -> str:
        return label_in(obj.contact_type.labels, get_language()) or obj.contact_type.key

    @display(description=_("Advisers"))
    def advisers(self, obj: Contact) -> str | None:
        return ", ".join(assignment.member.name for assignment in obj.assignments.all()) or None

    @display(description=_("Change request"), label={"pending": "warning"})
    def pending(self, obj: Any) -> tuple[str, str] | None:  # Any: annotated by the selector
        return ("pending", gettext("Pending")) if obj.has_pending_request else None

    def get_urls(self) -> list[URLPattern]:
        advisers = self.admin_site.admin_view(page(self.advisers_view, "POST"))
        own = path("<int:object_id>/advisers/", advisers, name="contacts_contact_advisers")
        return [own, *self.identity_urls(), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        return page(self._details_view, "GET", "HEAD")(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: object = None
    ) -> HttpResponse:
        return page(self._timeline_view, "GET", "HEAD")(request, object_id)

    def advisers_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Set who advises the contact (A1). Whoever loses it that way is sent to the list."""
        actor = actor_of(request)
        contact = self._reached(request, object_id)
        if not actor.has_permission(ASSIGN):
            raise Forbidden
        form = AdvisersForm(contact, request.POST)
        if not form.is_valid():
            messages.error(request, gettext("A member is unknown or no longer active."))
        else:
            try:
                contact_members_set(actor=actor, contact_id=contact.pk, member_uids=form.uids())
                messages.success(request, gettext("The advisers were saved."))
            except DomainError as error:
                refuse(request, error)
        if contact_list(actor=actor).filter(pk=contact.pk).exists():
            return redirect("admin:contacts_contact_change", contact.pk)
        return HttpResponseRedirect(reverse("admin:contacts_contact_changelist"))

    def _details_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        contact = self._reached(request, object_id)
        ref = contact_ref(contact)
        language = get_language() or "en"
        past = past_view(request, ref)
        details = contact.details if past is None or past.details is None else past.details.details
        is_shown = past is None or past.details is not None
        context = {
            **self._context(request, contact),
            **self.identity_context(request),
            "past": past,
            "sections": sections(compiled(ref.schema_key), details, language) if is_shown else [],
            "connections": contact.connections.all(),
            **self.waiting_context(request, contact),
            **self.privacy_context(request, contact),
            "advisers_form": self._advisers_form(request, contact),
        }
        return TemplateResponse(request, "admin/contacts/contact/details.html", context)

    def _timeline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        contact = self._reached(request, object_id)
        ref = contact_ref(contact)
        found = history_page(ref=ref, number=request.GET.get("page"))
        language = get_language() or "en"
        context = {
            **self._context(request, contact),
            "entries": timeline(compiled(ref.schema_key), found.object_list, language),
            "page": found,
        }
        return TemplateResponse(request, "admin/contacts/contact/timeline.html", context)

    def _reached(self, request: HttpRequest, object_id: str | int) -> Contact:
        if not self.has_view_permission(request):
            raise Forbidden
        number = serial_or_none(str(object_id)) or 0
        return contact_get(actor=actor_of(request), contact_id=number)

    def _context(self, request: HttpRequest, contact: Contact) -> dict[str, Any]:  # Any: a context
        return {
            **self.page_context(request, contact),
            "contact": contact,
            "title": contact.display_name,
            "type_label": self.type_label(contact),
            "advisers": [assignment.member for assignment in contact.assignments.all()],
            "pending_request": pending_change_request(ref=contact_ref(contact)),
        }

    def _advisers_form(self, request: HttpRequest, contact: Contact) -> AdvisersForm | None:
        is_refused = contact.anonymised_at is not None
        if is_refused or not actor_of(request).has_permission(ASSIGN):
            return None
        chosen = [assignment.member_id for assignment in contact.assignments.all()]
        return AdvisersForm(contact, initial={"members": chosen})
