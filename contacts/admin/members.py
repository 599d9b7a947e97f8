"""Members as a tree; everything that changes one goes through the services."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from config.common.actors import Actor
from config.common.admin import BackOfficeAdmin, actor_of, page
from config.common.exceptions import Forbidden, NotFound
from config.common.typed import search_words
from contacts.admin.member_forms import creation_of, update_of
from contacts.models import Member
from contacts.selectors.back_office import member_tree
from contacts.services.members import (
    member_create,
    member_password_set,
    member_tokens_revoke,
    member_unlock,
    member_update,
)

_CHANGE = "admin:contacts_member_change"


@admin.register(Member)
class MemberAdmin(BackOfficeAdmin):
    """Who works here, who manages whom, and what each may do."""

    can_add = True
    plural = _("Members")
    add_form = UserCreationForm
    list_display = ("tree_name", "username", "email", "role_names", "active")
    list_display_links = ("tree_name",)
    list_filter = ("is_active", "groups")
    search_fields = ("username",)
    search_help_text = _("Name, login or email")
    autocomplete_fields = ("manager",)
    change_form_outer_before_template = "admin/contacts/member/actions.html"
    add_fieldsets: ClassVar = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Place and roles"), {"fields": ("manager", "groups")}),
    )
    fieldsets: ClassVar = (
        (
            _("Person"),
            {
                "fields": (
                    "first_name",
                    "last_name",
                    "email",
                    "is_notified",
                    "language",
                    "username",
                )
            },
        ),
        (_("Place in the hierarchy"), {"fields": ("manager",)}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Technical"), {"fields": ("uid", "last_login", "tokens_valid_from")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return member_tree().prefetch_related("groups")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Member], search_term: str
    ) -> tuple[QuerySet[Member], bool]:
        for word in search_words(search_term):
            queryset = queryset.filter(
                Q(username__icontains=word)
                | Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(email__icontains=word)
            )
        return queryset, False

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        """Nobody raises their own rights: oneself and superusers are for superusers (A6)."""
        if not super().has_change_permission(request, obj):
            return False
        actor = actor_of(request)
        return obj is None or actor.is_superuser or not _is_protected(actor, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> list[str]:
        actor = actor_of(request)
        fields = ["uid", "last_login", "tokens_valid_from"]
        if obj is not None:
            fields.append("username")
        if not actor.is_superuser:
            fields += ["groups", "is_staff", "is_superuser"]
        if not actor.has_permission("contacts.move_member") and obj is not None:
            fields.append("manager")
        return fields

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,  # Any: as the base class has it
        change: bool = False,
        **kwargs: Any,  # Any: passed on
    ) -> Any:  # Any: a form's class
        if obj is None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_manytomany(
        self,
        db_field: Any,  # Any: Django's signature
        request: HttpRequest,
        **kwargs: Any,  # Any: passed on
    ) -> Any:  # Any: a form's field
        """Roles as boxes: a list to hold down keys in is nobody's friend."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.label, field.help_text = _("Roles"), ""
        return field

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        actor = actor_of(request)
        if change:
            member_update(actor=actor, member_id=obj.pk, update=update_of(form))
        else:
            obj.pk = member_create(actor=actor, creation=creation_of(form)).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The services have saved the roles too."""

    def get_urls(self) -> list[URLPattern]:
        def own(route: str, view: Any, *methods: str) -> URLPattern:  # Any: a bound view
            name = f"contacts_member_{route.replace('-', '_')}"
            wrapped = self.admin_site.admin_view(page(view, *methods))
            return path(f"<int:object_id>/{route}/", wrapped, name=name)

        return [
            own("sign-out", self.sign_out_view, "POST"),
            own("unlock", self.unlock_view, "POST"),
            own("password", self.password_view, "GET", "POST"),
            *super().get_urls(),
        ]

    def sign_out_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """End all sessions and refuse all tokens of the member."""
        member = self._changeable(request, object_id)
        member_tokens_revoke(actor=actor_of(request), member_id=member.pk)
        messages.success(request, gettext("%s is signed out everywhere.") % member)
        return redirect(_CHANGE, member.pk)

    def unlock_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Forget the wrong passwords that lock the member out."""
        member = self._changeable(request, object_id)
        member_unlock(actor=actor_of(request), member_id=member.pk)
        messages.success(request, gettext("%s can try to sign in again.") % member)
        return redirect(_CHANGE, member.pk)

    def password_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Django's form for somebody else's password; for superusers only."""
        member = self._changeable(request, object_id)
        actor = actor_of(request)
        if not actor.is_superuser:
            raise PermissionDenied
        form = AdminPasswordChangeForm(member, request.POST or None)
        if request.method == "POST" and form.is_valid():
            password = form.cleaned_data["password1"]
            member_password_set(actor=actor, member_id=member.pk, password=password)
            messages.success(request, gettext("The password of %s was changed.") % member)
            return redirect(_CHANGE, member.pk)
        context = {
            **self.page_context(request, member),
            "title": gettext("Change password"),
            "form": form,
        }
        return TemplateResponse(request, "admin/contacts/member/password.html", context)

    def _changeable(self, request: HttpRequest, object_id: int) -> Member:
        member = self.get_queryset(request).filter(pk=object_id).first()
        if member is None:
            raise NotFound
        if not self.has_change_permission(request, member):
            raise Forbidden
        return member

    @display(description=_("Name"), ordering="tree_path")
    def tree_name(self, obj: Any) -> str:  # Any: annotated by the selector
        depth = len(obj.tree_path) - 1
        return format_html('<span class="bo-tree" style="--depth: {}">{}</span>', depth, obj.name)

    @display(description=_("Roles"))
    def role_names(self, obj: Member) -> str | None:
        names = sorted(group.name for group in obj.groups.all())
        return ", ".join([*names, *([gettext("superuser")] if obj.is_superuser else [])]) or None

    @display(description=_("Active"), boolean=True, ordering="is_active")
    def active(self, obj: Member) -> bool:
        return bool(obj.is_active)


def _is_protected(actor: Actor, member: Member) -> bool:
    return bool(member.is_superuser) or member.pk == actor.member_id
