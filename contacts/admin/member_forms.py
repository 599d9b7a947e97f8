"""From the fields of a form to what the member services take."""

from typing import Any

from contacts.models import Member
from contacts.services.members import UNCHANGED, MemberCreation, MemberProfile, MemberUpdate


def creation_of(form: Any) -> MemberCreation:  # Any: Django's form
    """A new member from a valid form; a reader that may not give roles has no such field."""
    data = form.cleaned_data
    return MemberCreation(
        username=data["username"],
        password=data["password1"],
        profile=_profile(data),
        manager_id=_id(data.get("manager")),
        groups=list(data.get("groups", ())),
    )


def update_of(form: Any) -> MemberUpdate:  # Any: Django's form
    """The changes from a valid form; what the reader may not change stays as it is."""
    data = form.cleaned_data
    return MemberUpdate(
        manager_id=_id(data["manager"]) if "manager" in data else UNCHANGED,
        is_active=data["is_active"],
        groups=list(data["groups"]) if "groups" in data else None,
        profile=_profile(data),
        is_staff=data.get("is_staff"),
        is_superuser=data.get("is_superuser"),
        is_notified=data.get("is_notified"),
        language=data.get("language"),
    )


def _profile(data: dict[str, Any]) -> MemberProfile:  # Any: cleaned values
    return MemberProfile(data["first_name"], data["last_name"], data["email"])


def _id(member: Member | None) -> int | None:
    return member.pk if member is not None else None
