"""The demo's groups, members and apps. No service makes these yet, so rows are written directly."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission

from config.common.access import SCOPES
from config.common.actors import Actor
from contacts.models import App, Member

DEMO_PASSWORD = "demo"  # noqa: S105 - public, the README names it
DEMO_SECRET = "demo-secret"  # noqa: S105 - the same

# So that examples can name members by uid.
UIDS = {
    name: uuid.UUID(f"00000000-0000-4000-8000-{number:012d}")
    for number, name in enumerate(("admin", "petra", "anna", "ben", "rita", "carl"), start=1)
}

ADVISER_PERMISSIONS = (
    "contacts.view_contact",
    "contacts.add_contact",
    "contacts.change_contact",
    "contacts.export_contact",
    "legalentities.view_legalentity",
    "legalentities.add_legalentity",
    "legalentities.change_legalentity",
    "legalentities.export_legalentity",
)
REVIEWER_PERMISSIONS = ("changerequests.review_changerequest",)
READ_SCOPES = ("contacts.read", "legalentities.read")


@dataclass(frozen=True, slots=True)
class People:
    """Who acts in the demo: members by name, the app that acts alone, the one members use."""

    members: Mapping[str, Member]
    app: App
    console: App

    def actor(self, name: str) -> Actor:
        """A member as it calls through the console."""
        return Actor(app_id=self.console.pk, member_id=self.members[name].pk)

    @property
    def app_actor(self) -> Actor:
        return Actor(app_id=self.app.pk)


def people_create() -> People:
    """Create all groups, members and apps; expects none of them to exist."""
    adviser = _group("adviser", ADVISER_PERMISSIONS)
    reviewer = _group("reviewer", REVIEWER_PERMISSIONS)
    members = _members()
    for name in ("petra", "anna", "ben", "rita", "carl"):
        members[name].groups.add(adviser)
    for name in ("petra", "ben", "rita", "carl"):
        members[name].groups.add(reviewer)
    app = _app("demo-app", App.GRANT_CLIENT_CREDENTIALS, SCOPES)
    _app("demo-reader", App.GRANT_CLIENT_CREDENTIALS, READ_SCOPES)
    console = _app("demo-console", App.GRANT_PASSWORD, SCOPES)
    return People(members, app, console)


def _group(name: str, permissions: Iterable[str]) -> Group:
    """A group with permissions by `app_label.codename`; a misspelt one is a KeyError."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    group = Group.objects.create(name=name)
    group.permissions.set([known[permission] for permission in permissions])
    return group


def _members() -> dict[str, Member]:
    # One hash for all: five more would only make the first start slower.
    password = make_password(DEMO_PASSWORD)
    members: dict[str, Member] = {}

    def add(name: str, manager: str | None = None, *, is_superuser: bool = False) -> None:
        members[name] = Member.objects.create(
            username=name,
            uid=UIDS[name],
            email=f"{name}@example.com",
            first_name=name.title(),
            last_name="Demo",
            password=password,
            manager=members[manager] if manager else None,
            is_staff=True,
            is_superuser=is_superuser,
        )

    add("admin", is_superuser=True)
    add("petra")
    add("anna", "petra")
    add("ben", "petra")
    add("rita")
    add("carl", "rita")
    return members


def _app(client_id: str, grant_type: str, scopes: Iterable[str]) -> App:
    created: App = App.objects.create(
        name=client_id,
        client_id=client_id,
        client_secret=DEMO_SECRET,
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=grant_type,
        scopes=list(scopes),
    )
    return created
