"""Saving schemas: tokens, versions, refusals (S2, S3, S5)."""

import json
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from crmschema.exceptions import ConcurrencyConflict, SchemaInvalid
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.services import schema_create, schema_save
from tests.factories.fixtures import World
from tests.factories.schemas import component, form

TEXT = form(component("textfield", "text"))
OTHER = form(component("textfield", "other"))

pytestmark = pytest.mark.django_db


def versions() -> list[tuple[int, str]]:
    return list(CrmSchemaVersion.objects.order_by("token").values_list("token", "schema"))


def test_s2_a_new_schema_starts_at_token_one_with_a_version() -> None:
    created = schema_create(actor=SYSTEM, key="k", schema=TEXT)

    assert created.concurrency_token == 1
    assert versions() == [(1, created.schema)]
    event = AuditEvent.objects.get(object_type="schema")
    assert (event.object_id, event.fields, event.operation) == ("k", ["schema"], "updateSchema")


def test_s2_a_schema_is_stored_in_canonical_form() -> None:
    created = schema_create(actor=SYSTEM, key="k", schema=TEXT)

    stored = json.loads(created.schema)
    assert UUID(stored["components"][0]["crm"]["uid"])
    assert "\n" not in created.schema


def test_s2_each_save_raises_the_token_and_keeps_the_versions(world: World) -> None:
    schema_create(actor=SYSTEM, key="k", schema=TEXT)

    saved = schema_save(actor=world.actor(world.anna), key="k", schema=OTHER, concurrency_token=1)

    assert saved.concurrency_token == 2
    kept = CrmSchemaVersion.objects.filter(crm_schema=saved).order_by("token")
    assert [(version.token, version.member, version.app) for version in kept] == [
        (1, None, None),
        (2, world.anna, world.app),
    ]
    assert CrmSchema.objects.get(key="k").schema == saved.schema


@pytest.mark.parametrize("token", [0, 2, -1])
def test_s2_a_save_with_another_token_is_refused(token: int) -> None:
    schema_create(actor=SYSTEM, key="k", schema=TEXT)

    with pytest.raises(ConcurrencyConflict) as refused:
        schema_save(actor=SYSTEM, key="k", schema=OTHER, concurrency_token=token)

    assert refused.value.properties == {"concurrencyToken": 1}
    assert len(versions()) == 1


def test_s3_a_bad_schema_is_refused_whole() -> None:
    schema_create(actor=SYSTEM, key="k", schema=TEXT)

    for bad in ("{", "[]", form(component("what", "x")), form(component("textfield", "a.b"))):
        with pytest.raises(SchemaInvalid):
            schema_save(actor=SYSTEM, key="k", schema=bad, concurrency_token=1)
        with pytest.raises(SchemaInvalid):
            schema_create(actor=SYSTEM, key="new", schema=bad)

    assert len(versions()) == 1
    assert not CrmSchema.objects.filter(key="new").exists()


def test_a_schema_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        schema_save(actor=SYSTEM, key="none", schema=TEXT, concurrency_token=1)


def test_a_key_is_taken_once() -> None:
    schema_create(actor=SYSTEM, key="k", schema=TEXT)

    with pytest.raises(IntegrityError), transaction.atomic():
        schema_create(actor=SYSTEM, key="k", schema=OTHER)
