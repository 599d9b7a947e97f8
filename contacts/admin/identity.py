"""Picture, username and ids in other systems on the page of a contact, each by its service.

Pictures are for whoever may change the contact (A1). Usernames and external ids are for superusers:
no member may change them on the API, and a superuser could make an app that may.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext

from config.common.actors import Actor
from config.common.admin import actor_of, page, refuse
from config.common.exceptions import BadRequest, DomainError, Forbidden
from contacts.models import Contact
from contacts.selectors.back_office import contact_ref
from contacts.selectors.pictures import Picture, file_of, picture_get
from contacts.services.connections import connection_add
from contacts.services.pictures import picture_delete, picture_set
from contacts.services.usernames import username_set

if TYPE_CHECKING:
    from config.common.admin import BackOfficeAdmin as Base
else:
    Base = object

CHANGE = "contacts.change_contact"
Change = Callable[[Actor, Contact], None]


class PictureForm(forms.Form):
    """A new picture; the service judges what is in the file."""

    picture = forms.FileField()


class UsernameForm(forms.Form):
    """Another username."""

    username = forms.CharField(max_length=254, strip=False)


class ConnectionForm(forms.Form):
    """An id in another system."""

    system = forms.CharField(max_length=64)
    external_id = forms.CharField(max_length=300)


class IdentityPages(Base):
    """Pages below a contact's; the class that it is mixed into knows which contact is reached."""

    _reached: Callable[[HttpRequest, int], Contact]

    def identity_urls(self) -> list[URLPattern]:
        """A read of the picture, and the writes."""
        views: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "picture": (self.picture_view, "GET"),
            "picture-set": (self.picture_set_view, "POST"),
            "picture-delete": (self.picture_delete_view, "POST"),
            "username": (self.username_view, "POST"),
            "connection": (self.connection_view, "POST"),
        }
        return [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(page(view, method)),
                name=f"contacts_contact_{name.replace('-', '_')}",
            )
            for name, (view, method) in views.items()
        ]

    def identity_context(self, request: HttpRequest) -> dict[str, Any]:  # Any: a context
        """Who may change what, and the systems that there are."""
        actor = actor_of(request)
        return {
            "may_change_picture": actor.has_permission(CHANGE),
            "may_change_identity": actor.is_superuser,
            "external_systems": settings.EXTERNAL_SYSTEMS,
        }

    def picture_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The picture itself: made by us, so that its type is known; nothing else is ever sent."""
        picture = _picture(self._reached(request, object_id))
        response = HttpResponse(picture.content, content_type=picture.media_type)
        response.headers["Content-Disposition"] = "inline"
        return response

    def picture_set_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Another picture."""
        form = PictureForm(request.POST, request.FILES)

        def change(actor: Actor, contact: Contact) -> None:
            # One byte more than may be: enough to be refused.
            content = form.cleaned_data["picture"].read(settings.MAX_PICTURE_BYTES + 1)
            picture_set(actor=actor, contact_id=contact.pk, content=content)

        return self._changed(request, object_id, form, change, gettext("The picture was saved."))

    def picture_delete_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Back to the drawn picture."""

        def change(actor: Actor, contact: Contact) -> None:
            picture_delete(actor=actor, contact_id=contact.pk)

        done = gettext("The picture was deleted.")
        return self._changed(request, object_id, forms.Form({}), change, done)

    def username_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Another username."""
        form = UsernameForm(request.POST)

        def change(actor: Actor, contact: Contact) -> None:
            _require_superuser(actor)
            username = form.cleaned_data["username"]
            username_set(actor=actor, ref=contact_ref(contact), username=username)

        return self._changed(request, object_id, form, change, gettext("The username was saved."))

    def connection_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A further id in another system; none is ever taken away (X1)."""
        form = ConnectionForm(request.POST)

        def change(actor: Actor, contact: Contact) -> None:
            _require_superuser(actor)
            connection_add(
                actor=actor,
                contact_id=contact.pk,
                system=form.cleaned_data["system"],
                external_id=form.cleaned_data["external_id"],
            )

        return self._changed(
            request, object_id, form, change, gettext("The external id was added.")
        )

    def _changed(
        self, request: HttpRequest, object_id: int, form: forms.Form, change: Change, done: str
    ) -> HttpResponse:
        actor = actor_of(request)
        contact = self._reached(request, object_id)
        if not actor.has_permission(CHANGE):
            raise Forbidden
        if not form.is_valid():
            messages.error(request, gettext("Nothing was changed: a value is missing or too long."))
            return redirect("admin:contacts_contact_change", contact.pk)
        try:
            change(actor, contact)
            messages.success(request, done)
        except Forbidden:
            raise
        except BadRequest:
            text = gettext("The picture, username or id cannot be taken as it is.")
            messages.error(request, text)
        except DomainError as error:
            refuse(request, error)
        return redirect("admin:contacts_contact_change", contact.pk)


def _picture(contact: Contact) -> Picture:
    return picture_get(
        contact_id=contact.pk,
        uid=contact.uid,
        name=contact.display_name,
        is_anonymised=contact.anonymised_at is not None,
        file=file_of(contact.pk),
    )


def _require_superuser(actor: Actor) -> None:
    if not actor.is_superuser:
        raise Forbidden
