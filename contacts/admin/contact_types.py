"""Contact types: until when their contacts must be kept (N5). The rest is configuration."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminTextInputWidget

from config.common.admin import BackOfficeAdmin, actor_of
from contacts.models import ContactType
from contacts.services.retention import contact_type_retention_set
from lists.labels import label_in

RETAIN = "contacts.retain_contact"


class ContactTypeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """The date, and why it is what it is."""

    until = forms.DateField(
        required=False,
        label=_("Keep until the beginning of (UTC); empty: no longer"),
        widget=UnfoldAdminDateWidget,
    )
    reason = forms.CharField(
        max_length=settings.MAX_COMMENT_LENGTH,
        label=_("Reason"),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = ContactType
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on
        super().__init__(*args, **kwargs)
        until = self.instance.retain_until
        self.fields["until"].initial = until and until.astimezone(UTC).date()


@admin.register(ContactType)
class ContactTypeAdmin(BackOfficeAdmin):
    """The kinds of contacts, for those who say how long contacts must be kept."""

    plural = _("Contact types")
    list_display = ("key", "label", "retain_until")
    ordering = ("key",)
    form = ContactTypeForm
    fields = ("key", "until", "reason")
    readonly_fields = ("key",)

    def has_view_permission(self, request: HttpRequest, obj: ContactType | None = None) -> bool:
        return bool(actor_of(request).has_permission(RETAIN))

    def has_change_permission(self, request: HttpRequest, obj: ContactType | None = None) -> bool:
        return self.has_view_permission(request)

    @display(description=_("Name"))
    def label(self, obj: ContactType) -> str:
        return label_in(obj.labels, get_language()) or obj.key

    def save_model(
        self, request: HttpRequest, obj: ContactType, form: Any, change: bool
    ) -> None:  # Any: Django's form
        day = form.cleaned_data["until"]
        contact_type_retention_set(
            actor=actor_of(request),
            contact_type_id=obj.pk,
            retain_until=None if day is None else datetime.combine(day, time.min, tzinfo=UTC),
            reason=form.cleaned_data["reason"],
        )
