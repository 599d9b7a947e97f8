"""Fixtures over the builders, for every test (`tests/conftest.py` loads them)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from config.common import health
from config.common.actors import Actor
from contacts.models import App, Contact, ContactType, Member
from lists.selectors import uses
from tests.factories.api import Api
from tests.factories.contacts import (
    ADVISER,
    REVIEWER,
    grant_all,
    make_app,
    make_contact,
    make_demo_type,
    make_member,
    make_tiny_type,
)
from tests.factories.tokens import actor_of, bearer


@dataclass
class World:
    """Petra manages Anna and Ben; Petra and Ben review. Carl stands aside. One app may all."""

    contact_type: ContactType
    app: App
    petra: Member
    anna: Member
    ben: Member
    carl: Member
    _apis: dict[int | None, Api] = field(default_factory=dict)
    _actors: dict[int | None, Actor] = field(default_factory=dict)

    def api(self, member: Member | None = None) -> Api:
        """The API as a member sees it, as the app without one."""
        key = member.pk if member else None
        if key not in self._apis:
            self._apis[key] = Api(bearer(member, app=self.app))
        return self._apis[key]

    def actor(self, member: Member | None = None) -> Actor:
        """The same callers for services."""
        key = member.pk if member else None
        if key not in self._actors:
            self._actors[key] = actor_of(member, app=self.app)
        return self._actors[key]

    def contact(self, details: dict[str, Any] | None = None, **options: Any) -> Contact:
        """A contact of this world's type, advised by Anna unless told otherwise."""
        options.setdefault("adviser", self.anna)
        return make_contact(details, contact_type=self.contact_type, **options)


def make_world(contact_type: ContactType) -> World:
    """The people of a small firm, with the app that carries their calls."""
    petra = make_member("petra", permissions=())
    anna, ben = (make_member(name, manager=petra, permissions=()) for name in ("anna", "ben"))
    carl = make_member("carl", permissions=())
    both = {*ADVISER, *REVIEWER}
    grant_all({petra: both, anna: ADVISER, ben: both, carl: ADVISER})
    return World(contact_type, make_app("firm"), petra, anna, ben, carl)


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """What the product gives up soon, tests wait for: their machine may stand still for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "BROKER_TIMEOUT_SECONDS", 60.0)
        patch.setattr(uses, "_MILLISECONDS", 60_000)
        yield


@pytest.fixture
def world(db: None) -> World:
    """A small firm whose contacts follow the tiny schema."""
    return make_world(make_tiny_type())


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The same, visible to other threads and connections."""
    return make_world(make_tiny_type())


@pytest.fixture
def demo_world(db: None) -> World:
    """A small firm whose contacts follow the demo schema."""
    return make_world(make_demo_type())


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """Files on a disk of the test's own, as in production."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        MEDIA_ROOT=tmp_path, STORAGES={"default": backend, "staticfiles": static}
    ):
        yield tmp_path
