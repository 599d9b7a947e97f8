"""Members, apps, contact types and contacts. Everything takes the way that the product takes."""

from collections.abc import Collection, Iterable, Mapping
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission

from config.common.access import SCOPES
from config.common.actors import SYSTEM, Actor
from contacts.models import App, ChangeSet, Contact, ContactType, Member
from contacts.services.contacts import ContactCreation, contact_create, contact_members_set
from crmschema.models import CrmSchema
from crmschema.services import schema_create
from lists.definitions import ItemDefinition, ListDefinition
from lists.models import List, ListSource
from lists.services import lists_load
from tests.factories.lists import load_demo_lists
from tests.factories.schemas import COLOURS, REGIONS, demo_schema, tiny_details, tiny_schema

ADVISER = ("view_contact", "add_contact", "change_contact")
REVIEWER = ("view_contact", "change_contact", "review_changerequest")
_number = count(1)


def make_member(
    username: str | None = None,
    *,
    manager: Member | None = None,
    permissions: Iterable[str] = ADVISER,
    **fields: Any,
) -> Member:
    """An active member with permissions by codename; without a usable password."""
    name = username or f"member{next(_number)}"
    member = Member.objects.create_user(name, manager=manager, **fields)
    if permissions := set(permissions):
        member.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return member


def grant_all(granted: Mapping[Member, Collection[str]]) -> None:
    """Permissions of many members, by codename, in two statements."""
    wanted = set().union(*granted.values())
    found = dict(Permission.objects.filter(codename__in=wanted).values_list("codename", "pk"))
    through = Member.user_permissions.through
    through.objects.bulk_create(
        through(member=member, permission_id=found[codename])
        for member, codenames in granted.items()
        for codename in codenames
    )


def make_app(
    client_id: str | None = None,
    *,
    scopes: Iterable[str] = tuple(SCOPES),
    contact_types: Collection[ContactType] = (),
    **fields: Any,
) -> App:
    """An app with all scopes; by default not restricted to contact types."""
    name = client_id or f"app{next(_number)}"
    app = App.objects.create(
        name=name,
        client_id=name,
        client_secret="unused",
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=App.GRANT_CLIENT_CREDENTIALS,
        scopes=list(scopes),
        **fields,
    )
    if contact_types:
        app.contact_types.set(contact_types)
    return app


def make_lists(**lists: dict[str, str]) -> None:
    """Lists by key, their items with labels in two languages."""
    definitions = [
        ListDefinition(
            key=key,
            labels={"en": key},
            source=ListSource.OWN,
            items=tuple(
                ItemDefinition(item, {"en": label, "de": f"{label} (de)"})
                for item, label in labels.items()
            ),
        )
        for key, labels in lists.items()
    ]
    lists_load(actor=SYSTEM, definitions=definitions)


def make_list(key: str, labels: dict[str, str]) -> List:
    """A list with items by key."""
    make_lists(**{key: labels})
    return List.objects.get(key=key)


def make_contact_type(key: str, schema: CrmSchema) -> ContactType:
    return ContactType.objects.create(key=key, labels={"en": key}, schema=schema)


def make_tiny_type() -> ContactType:
    """The contact type of the tiny schema, with its lists."""
    make_lists(colours=COLOURS, regions=REGIONS)
    return make_contact_type("tiny", schema_create(actor=SYSTEM, key="tiny", schema=tiny_schema()))


def make_demo_type() -> ContactType:
    """The contact type of the demo schema `contact`, with its lists."""
    load_demo_lists()
    schema = schema_create(actor=SYSTEM, key="contact", schema=demo_schema("contact"))
    return make_contact_type("client", schema)


def make_contact(
    details: dict[str, Any] | None = None,
    *,
    contact_type: ContactType | None = None,
    adviser: Member | None = None,
    advisers: Iterable[Member] = (),
    username: str | None = None,
    actor: Actor = SYSTEM,
) -> Contact:
    """A contact made by `actor`; of the tiny type, with the least details, unless told."""
    kind = contact_type or ContactType.objects.get(key="tiny")
    creation = ContactCreation(
        contact_type_id=kind.pk,
        username=username,
        details=tiny_details() if details is None else details,
    )
    created = contact_create(actor=actor, creation=creation, source=ChangeSet.Source.API)
    members = [*advisers, *([adviser] if adviser else [])]
    if members:
        uids = [member.uid for member in members]
        contact_members_set(actor=SYSTEM, contact_id=created.id, member_uids=uids)
    return Contact.objects.get(pk=created.id)
