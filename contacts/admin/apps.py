"""OAuth apps. A secret is shown once, when it is made; tokens are nobody's to look at."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from oauth2_provider.generators import generate_client_id
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from config.common.access import SCOPES
from config.common.admin import BackOfficeAdmin, actor_of, page
from config.common.exceptions import Forbidden, NotFound
from contacts.models import App, ContactType
from contacts.services.apps import (
    AppSettings,
    IssuedSecret,
    app_create,
    app_secret_rotate,
    app_update,
)

GRANT_TYPES = (
    (App.GRANT_CLIENT_CREDENTIALS, _("Client credentials: the app acts for itself")),
    (App.GRANT_AUTHORIZATION_CODE, _("Authorization code: members sign in through it")),
    (App.GRANT_PASSWORD, _("Password: members' passwords pass through it (trusted consoles)")),
)


class AppForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """An app's settings; scopes as boxes, each with what it allows."""

    authorization_grant_type = forms.ChoiceField(
        choices=GRANT_TYPES, label=_("Grant type"), widget=UnfoldAdminSelectWidget
    )
    scopes = forms.MultipleChoiceField(
        choices=[],
        required=False,
        label=_("Scopes"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    contact_types = forms.ModelMultipleChoiceField(
        queryset=ContactType.objects.order_by("key"),
        required=False,
        label=_("Contact types"),
        help_text=_("None chosen: not restricted."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    redirect_uris = forms.CharField(
        required=False,
        label=_("Redirect addresses"),
        help_text=_("For authorization code; several separated by spaces."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = App
        fields = ("name", "client_id", "authorization_grant_type", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        unknown = [scope for scope in self.instance.scopes if scope not in SCOPES]
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a choice field
            *((scope, f"{scope}: {text}") for scope, text in SCOPES.items()),
            *((scope, scope) for scope in unknown),
        ]
        if self.instance.pk:
            self.initial["scopes"] = list(self.instance.scopes)

    def settings(self) -> AppSettings:
        """The app as the services take it; expects a valid form."""
        data = self.cleaned_data
        return AppSettings(
            name=data["name"],
            grant_type=data["authorization_grant_type"],
            scopes=data["scopes"],
            contact_types=list(data["contact_types"]),
            redirect_uris=" ".join(data["redirect_uris"].split()),
            is_active=data["is_active"],
        )


@admin.register(App)
class AppAdmin(BackOfficeAdmin):
    """Programs that use the API."""

    can_add = True
    plural = _("Apps")
    form = AppForm
    list_display = ("name", "client_id", "grant_type", "scope_names", "active")
    list_filter = ("is_active",)
    search_fields = ("name", "client_id")
    search_help_text = _("Name or client id")
    ordering = ("name", "pk")
    change_form_outer_before_template = "admin/contacts/app/actions.html"
    fieldsets: ClassVar = (
        (None, {"fields": ("name", "client_id", "is_active")}),
        (_("Sign-in"), {"fields": ("authorization_grant_type", "redirect_uris")}),
        (_("What it may do"), {"fields": ("scopes", "contact_types")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: App | None = None) -> bool:
        return actor_of(request).is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: App | None = None) -> list[str]:
        return ["client_id"] if obj is not None else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str]:
        return {"client_id": generate_client_id()}

    def get_queryset(self, request: HttpRequest) -> QuerySet[App]:
        return App.objects.defer("client_secret").order_by(*self.ordering)

    def save_model(self, request: HttpRequest, obj: App, form: AppForm, change: bool) -> None:
        actor = actor_of(request)
        if change:
            app_update(actor=actor, app_id=obj.pk, settings=form.settings())
            return
        client_id = form.cleaned_data["client_id"]
        issued = app_create(actor=actor, client_id=client_id, settings=form.settings())
        obj.pk = issued.app.pk
        request.issued = issued  # type: ignore[attr-defined]  # shown by response_add, once

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The services have saved the contact types too."""

    def response_add(
        self, request: HttpRequest, obj: App, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret in the answer itself: it is never stored where another page could read it."""
        secret_page = never_cache(self._secret_page)
        return secret_page(request, request.issued)  # type: ignore[attr-defined]  # see above

    def get_urls(self) -> list[URLPattern]:
        rotate = self.admin_site.admin_view(page(self.rotate_view, "POST"))
        own = path("<int:object_id>/rotate-secret/", rotate, name="contacts_app_rotate_secret")
        return [own, *super().get_urls()]

    def rotate_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A new secret in place of the old one."""
        app = self.get_queryset(request).filter(pk=object_id).first()
        if app is None:
            raise NotFound
        if not self.has_change_permission(request, app):
            raise Forbidden
        issued = app_secret_rotate(actor=actor_of(request), app_id=app.pk)
        return self._secret_page(request, issued)

    def _secret_page(self, request: HttpRequest, issued: IssuedSecret) -> HttpResponse:
        context = {
            **self.page_context(request, issued.app),
            "title": gettext("Secret of %s") % issued.app,
            "app": issued.app,
            "secret": issued.secret,
        }
        return TemplateResponse(request, "admin/contacts/app/secret.html", context)

    @display(description=_("Grant type"), ordering="authorization_grant_type")
    def grant_type(self, obj: App) -> str:
        names = {value: str(label).partition(":")[0] for value, label in GRANT_TYPES}
        return names.get(obj.authorization_grant_type) or str(obj.authorization_grant_type)

    @display(description=_("Scopes"))
    def scope_names(self, obj: App) -> str | None:
        return ", ".join(obj.scopes) or None

    @display(description=_("Active"), boolean=True, ordering="is_active")
    def active(self, obj: App) -> bool:
        return bool(obj.is_active)
