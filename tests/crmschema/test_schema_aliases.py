"""Another field for an alias: whom it concerns, in the check and in words (S4, U2)."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from config.common.actors import SYSTEM
from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.evolution import Examiner, Found, change_text, compare
from crmschema.exceptions import FieldInUse
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.services import schema_save
from tests.factories.checks import make_check
from tests.factories.fixtures import World
from tests.factories.schemas import compiled_of, component, container, form

TINY = "/v1.0/crm/schemas/tiny"
EMAIL = "PrimaryEmail"
JsonComponent = dict[str, Any]


def channels(private: str | None, work: str | None, **of_work: Any) -> JsonComponent:
    """Two emails, each with an alias or without, known by their paths."""

    def email(key: str, alias: str | None, **properties: Any) -> JsonComponent:
        return component("email", key, crm={"alias": alias} if alias else {}, **properties)

    return container("channels", email("private", private), email("work", work, **of_work))


def compiled(*components: JsonComponent) -> CompiledSchema:
    return compiled_of(*components)


def found(
    old: CompiledSchema, new: CompiledSchema, details: Any, *fixed: Alias
) -> list[tuple[str, str]]:
    examiner = Examiner(old, new, compare(old, new))
    result = examiner.examine({"channels": details}, is_anonymised=False, fixed=set(fixed))
    return sorted(Found(*each) for each in result)


def test_s4_a_moved_alias_is_breaking_and_said_in_words() -> None:
    old, new = compiled(channels(EMAIL, None)), compiled(channels(None, EMAIL))

    changes = compare(old, new)

    assert [(change.kind, change.effect, change.path) for change in changes] == [
        ("Alias", "Breaking", "channels.private"),
        ("Alias", "Breaking", "channels.work"),
    ]
    assert [change_text(change, "en") for change in changes] == [
        "Field private: alias is no longer set (was PrimaryEmail)",
        "Field work: alias is now PrimaryEmail",
    ]
    assert change_text(changes[1], "de") == "Feld work: Alias ist jetzt PrimaryEmail"


BOTH = {"private": "a@example.com", "work": "b@example.com"}


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (BOTH, [("channels.work", "AliasChanged")]),
        ({"private": "a@example.com"}, [("channels.work", "AliasMissing")]),
        ({"private": "a@example.com", "work": "a@example.com"}, []),
        ({"work": "b@example.com"}, []),
        (
            {"private": "a@example.com", "work": "no email"},
            [("channels.work", "AliasChanged"), ("channels.work", "Format")],
        ),
        ({"work": "no email"}, [("channels.work", "Format")]),
        ({}, []),
    ],
)
def test_s4_documents_notice_a_moved_alias_by_its_value(
    details: Any, expected: list[tuple[str, str]]
) -> None:
    old, new = compiled(channels(EMAIL, None)), compiled(channels(None, EMAIL))

    assert found(old, new, details) == expected


def test_u2_a_login_stays_what_it_is() -> None:
    old, new = compiled(channels(EMAIL, None)), compiled(channels(None, EMAIL))
    fixed = [("channels.work", "AliasFixed")]

    for details in (BOTH, {"private": "a@example.com"}, {"work": "b@example.com"}):
        assert found(old, new, details, Alias.PRIMARY_EMAIL) == fixed
    same = {"private": "a@example.com", "work": "a@example.com"}
    assert found(old, new, same, Alias.PRIMARY_EMAIL) == []
    assert found(old, new, BOTH, Alias.PRIMARY_MOBILE) == [("channels.work", "AliasChanged")]


def test_s4_an_alias_that_is_taken_away_is_missing_where_it_was() -> None:
    old, new = compiled(channels(EMAIL, None)), compiled(channels(None, None))

    assert found(old, new, BOTH) == [("channels.private", "AliasMissing")]


def test_s4_an_alias_that_goes_with_its_field_is_missing_too() -> None:
    def only(key: str, number: int) -> CompiledSchema:
        crm = {"alias": EMAIL, "uid": str(UUID(int=number))}
        return compiled(container("channels", component("email", key, crm=crm)))

    old, new = only("a", 1), only("b", 2)

    assert found(old, new, {"a": "a@example.com"}) == [
        ("channels.a", "Removed"),
        ("channels.b", "AliasMissing"),
    ]


def test_s4_an_alias_that_comes_with_a_new_field_concerns_nobody() -> None:
    old = compiled(container("channels", component("textfield", "a")))
    new = compiled(
        container(
            "channels", component("textfield", "a"), component("email", "b", crm={"alias": EMAIL})
        )
    )

    assert Examiner(old, new, compare(old, new)).is_idle


def test_s4_a_first_alias_of_a_stored_field_asks_for_valid_values() -> None:
    old, new = compiled(channels(None, None)), compiled(channels(None, EMAIL))

    assert found(old, new, BOTH) == []
    assert found(old, new, {"work": "no email"}) == [("channels.work", "Format")]


# --- Saves -------------------------------------------------------------------------------------
def with_work_email() -> list[JsonComponent]:
    """The components of the tiny schema, with a second email beside the primary one."""
    components: list[JsonComponent] = json.loads(CrmSchema.objects.get(key="tiny").schema)[
        "components"
    ]
    components[1]["components"].append(component("email", "workEmail"))
    return components


def moved_email(components: list[JsonComponent]) -> str:
    email, *_, work = components[1]["components"]
    email["crm"] = {"uid": email["crm"]["uid"]}
    work["crm"] = {"alias": EMAIL}
    return form(*components)


def save(schema: str, token: int, check: Any = None) -> CrmSchema:
    return schema_save(
        actor=SYSTEM, key="tiny", schema=schema, concurrency_token=token, accepted_check=check
    )


def contact_ids(world: World) -> list[int]:
    """Contacts that have the primary email only, another at work, and the same twice."""
    emails: list[dict[str, str]] = [
        {"email": "ada@example.com"},
        {"email": "ben@example.com", "workEmail": "ben@example.org"},
        {"email": "eve@example.com", "workEmail": "eve@example.com"},
    ]
    return [
        world.contact({"person": {"firstName": "A", "lastName": "B"}, "channels": each}).pk
        for each in emails
    ]


@pytest.mark.django_db
def test_s4_a_moved_alias_needs_a_check_that_names_the_contacts(world: World) -> None:
    save(form(*with_work_email()), 1)
    lacking, other, _same = contact_ids(world)
    schema = moved_email(with_work_email_stored())
    body = {"schema": schema, "concurrencyToken": 2}

    refused = world.api().put(TINY, body)
    check = make_check(schema, token=2)

    assert (refused.status_code, refused.json()["subCode"]) == (409, "BreakingChange")
    path = "channels.workEmail"
    assert refused.json()["properties"]["findings"] == [
        {"kind": "contact", "path": path, "rule": "AliasChanged", "count": 1, "ids": [other]},
        {"kind": "contact", "path": path, "rule": "AliasMissing", "count": 1, "ids": [lacking]},
    ]
    assert [change["text"] for change in refused.json()["properties"]["changes"]] == [
        "Field email: alias is no longer set (was PrimaryEmail)",
        "Field workEmail: alias is now PrimaryEmail",
    ]
    assert CrmSchemaVersion.objects.count() == 2
    accepted = world.api().put(TINY, {**body, "acceptedCheck": str(check.uid)})
    assert (accepted.status_code, accepted.json()) == (200, {"concurrencyToken": 3})


@pytest.mark.django_db
def test_u2_a_schema_never_changes_a_login_that_is_coupled(world: World) -> None:
    save(form(*with_work_email()), 1)
    _lacking, other, _same = contact_ids(world)
    schema = moved_email(with_work_email_stored())

    with override_settings(USERNAME_COUPLED_WITH_EMAIL=True):
        check = make_check(schema, token=2)
        for accepted in (None, check.uid):
            with pytest.raises(FieldInUse) as refusal:
                save(schema, 2, accepted)
            [finding] = (refusal.value.properties or {})["findings"]
            assert (finding["rule"], finding["count"]) == ("AliasFixed", 2)
            assert other in finding["ids"]

    assert CrmSchema.objects.get(key="tiny").concurrency_token == 2


def with_work_email_stored() -> list[JsonComponent]:
    components: list[JsonComponent] = json.loads(CrmSchema.objects.get(key="tiny").schema)[
        "components"
    ]
    return components
