"""Roles: which permissions a group of members has. Read by staff, changed by superusers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from config.common.admin import BackOfficeAdmin, actor_of
from contacts.services.roles import grantable_permissions, role_save


class PermissionChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # mypy only
    """Permissions by what they allow."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.content_type.app_label}.{obj.codename})"


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    permissions = PermissionChoice(
        queryset=Permission.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label=_("Permissions"),
    )

    class Meta:
        model = Group
        fields = ("name", "permissions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        self.fields["permissions"].queryset = grantable_permissions()  # type: ignore[attr-defined]


@admin.register(Group)
class RoleAdmin(BackOfficeAdmin):
    """Roles and their permissions."""

    can_add = True
    plural = _("Roles")
    form = RoleForm
    list_display = ("name", "permission_count", "member_count")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                permission_count=Count("permissions", distinct=True),
                member_count=Count("user", distinct=True),
            )
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return actor_of(request).is_superuser

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        role = role_save(
            actor=actor_of(request),
            role_id=obj.pk if change else None,
            name=form.cleaned_data["name"],
            permissions=list(form.cleaned_data["permissions"]),
        )
        obj.pk = role.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has saved the permissions too."""

    @display(description=_("Permissions"))
    def permission_count(self, obj: Any) -> int:  # Any: annotated above
        return int(obj.permission_count)

    @display(description=_("Members"))
    def member_count(self, obj: Any) -> int:  # Any: annotated above
        return int(obj.member_count)
