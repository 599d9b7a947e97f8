"""One base class for all pages of the back office (house style, 14)."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ShowFacets
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from config.common.actors import Actor
from config.common.admin.pages import refusal_text
from config.common.came_from import LIST_QUERY, taken_along
from config.common.exceptions import DomainError
from config.common.paging import page_rows

# What Django's own list filters write into the address.
_FILTER_OPERATORS = frozenset({"", "exact", "id__exact", "isnull", "gte", "lt"})


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in member as services and selectors know it; no app carries a page."""
    user: Any = request.user  # Any: the kernel does not know the member's class
    if not user.is_authenticated:
        raise PermissionDenied
    return Actor(
        member_id=user.pk,
        permissions=frozenset(user.get_all_permissions()),
        is_superuser=user.is_superuser,
    )


class LongListPaginator(Paginator):  # type: ignore[type-arg]  # generic for mypy only
    """Pages of a list of any length: a late one costs a walk over an index, not over the rows."""

    def page(self, number: int | str) -> Page[Any]:
        found = self.validate_number(number)
        ordered: Any = self.object_list  # Any: a queryset of the list's model
        rows: Any = page_rows(ordered, (found - 1) * self.per_page, self.per_page)
        return Page(rows, found, self)


class CountedList(ChangeList):
    """A list that counts once: what was found, not beside it what there is without the filters."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count


class BackOfficeAdmin(ModelAdmin):
    """Pages over a model: nothing is ever deleted, nothing added unless `can_add` says so, and
    rows are those that the reader reaches.

    Writes belong in services, which `save_model` calls with `actor_of(request)`. What a service
    refuses is shown in the form, with everything that was typed.
    """

    can_add: ClassVar[bool] = False
    # What the pages are called, in the reader's language; models have English names only.
    plural: ClassVar[object] = None
    list_per_page = 25
    list_max_show_all = 200
    show_full_result_count = False
    # A count for each choice of each filter, over everything: forty statements in the queue.
    show_facets = ShowFacets.NEVER
    actions: Any = None  # Any: names, or None for a list without actions

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:  # Any: the model's rows
        """The rows within reach, where the model knows reach (A2)."""
        rows: Any = self.model._default_manager.all()  # Any: querysets of the apps
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(actor_of(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a list offers as a filter: any other field could be read out letter by letter
        through the address, hashes of passwords and secrets included.
        """
        offered = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        filters = [getattr(entry, "parameter_name", entry) for entry in offered]
        name, _, operator = lookup.partition("__")
        return name in filters and operator in _FILTER_OPERATORS

    def get_changelist(
        self, request: HttpRequest, **kwargs: Any
    ) -> type[CountedList]:  # Any: unused
        return CountedList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and bool(super().has_add_permission(request))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        """The form; once more with the refusal when the service refused what was posted."""
        self._name_section(request)
        arguments = (request, object_id, form_url, extra_context)
        try:
            return super().changeform_view(*arguments)
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read by get_form below
            return super().changeform_view(*arguments)

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        if request.method == "GET" and LIST_QUERY in request.GET:
            return redirect(self.list_address(request))
        self._name_section(request)
        # Django names page and rows by the model, in English.
        named = {"title": self.plural, "module_name": self.plural} if self.plural else {}
        return super().changelist_view(request, {**named, **(extra_context or {})})

    def list_address(self, request: HttpRequest) -> str:
        """The list that a page was opened from, as the page's address names it."""
        return f"{request.path}?{request.GET.get(LIST_QUERY, '')}"

    def page_context(
        self, request: HttpRequest, original: models.Model | None
    ) -> dict[str, Any]:  # Any: context
        """What the theme needs around a page of our own, about `original` if about one object."""
        self._name_section(request)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": original,
        }

    def _name_section(self, request: HttpRequest) -> None:
        """The theme's title takes nothing but the request along."""
        request.section_title = self.plural  # type: ignore[attr-defined]  # read by the template
        request.taken_along = taken_along(request)  # type: ignore[attr-defined]  # as above

    def get_form(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,
        change: bool = False,
        **kwargs: Any,  # Any: passed on
    ) -> type[forms.ModelForm]:  # type: ignore[type-arg]  # generic for mypy only
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal: DomainError | None = getattr(request, "refusal", None)
        return form if refusal is None else _refused(form, refusal)

    def get_inline_instances(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[Any]:  # Any: inlines
        """No inline on the page that adds: it has nothing to show yet."""
        return list(super().get_inline_instances(request, obj)) if obj else []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: object = None
    ) -> HttpResponse:
        """Django's own log is not kept: it repeats names, and the audit log says more (H3, N2)."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        """Services record the audit event (H3)."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        """Services record the audit event (H3)."""


class ReadOnlyAdmin(BackOfficeAdmin):
    """Pages that show and never change."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def _refused(form: type[Any], refusal: DomainError) -> type[Any]:  # Any: a model form's class
    """The form with an error of its own, so that Django shows it again as it was sent."""

    def clean(self: Any) -> Any:  # Any: Django's signature
        cleaned = form.clean(self)
        self.add_error(None, refusal_text(refusal))
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})
