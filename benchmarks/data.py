"""The data that is measured on: contacts of the demo schema, members in three levels."""

import time
import uuid
from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction

from benchmarks.documents import document
from config.common.access import SCOPES
from config.common.actors import SYSTEM
from contacts.models import App, ChangeSet, ContactType, Member
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import CONTACT
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Document, settle
from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from crmschema.services import schema_create
from lists.services import demo_lists_load

CHUNK = 2_000
ADVISERS = 180
SECRET = "bench-secret"  # noqa: S105 - of throw-away servers


def load(schema_text: str, contacts: int) -> None:
    """Fill an empty database: lists, schema, 200 members in three levels, apps, contacts."""
    started = time.monotonic()
    demo_lists_load(actor=SYSTEM)
    schema_create(actor=SYSTEM, key="contact", schema=schema_text)
    contact_type = ContactType.objects.create(
        key="client", schema=CrmSchema.objects.get(key="contact")
    )
    advisers = _members()
    _apps()
    schema = compiled("contact")
    for start in range(0, contacts, CHUNK):
        size = min(CHUNK, contacts - start)
        _create_chunk(schema, contact_type.pk, start, size, advisers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        # Or what the load left to be written would be measured as the first case's.
        cursor.execute("CHECKPOINT")
    print(f"{contacts} contacts in {time.monotonic() - started:.0f} s")


def _members() -> list[int]:
    group = Group.objects.create(name="adviser")
    group.permissions.set(
        Permission.objects.filter(codename__in=["view_contact", "add_contact", "change_contact"])
    )
    head = _member("head", None, group)
    managers = [_member(f"manager{number}", head, group) for number in range(19)]
    advisers = [
        _member(f"adviser{number}", managers[number % 19], group) for number in range(ADVISERS)
    ]
    return [adviser.pk for adviser in advisers]


def _member(name: str, manager: Member | None, group: Group) -> Member:
    # One member signs in; hashing a password for each would take a minute.
    password = SECRET if name == "adviser0" else None
    member = Member.objects.create_user(name, password=password, manager=manager)
    member.groups.add(group)
    return member


def _apps() -> None:
    for client_id, grant in (("bench-app", "client-credentials"), ("bench-console", "password")):
        App.objects.create(
            name=client_id,
            client_id=client_id,
            client_secret=SECRET,
            client_type="confidential",
            authorization_grant_type=grant,
            scopes=list(SCOPES),
        )


def _create_chunk(
    schema: CompiledSchema, contact_type_id: int, start: int, size: int, advisers: list[int]
) -> None:
    creations = [
        DetailsCreation(
            uid=uuid.uuid4(),
            compiled=schema,
            document=_complete(schema, document(number)),
            own={"contact_type_id": contact_type_id, "username": None, "username_folded": None},
        )
        for number in range(start, start + size)
    ]
    with transaction.atomic():
        ids = details_create(
            origin=Origin(ChangeSet.Source.SYSTEM), kind=CONTACT, creations=creations
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO contacts_contactassignment (contact_id, member_id)"
                " SELECT unnest(%s::int[]), unnest(%s::int[])",
                [*map(list, zip(*_assignments(sorted(ids.values()), advisers), strict=True))],
            )


def _assignments(contact_ids: list[int], advisers: list[int]) -> Iterator[tuple[int, int]]:
    for contact_id in contact_ids:
        yield contact_id, advisers[contact_id % len(advisers)]


def _complete(schema: CompiledSchema, proposed: Document) -> Document:
    settlement = settle(schema, stored={}, proposed=proposed, for_member=False)
    assert not settlement.errors, settlement.errors
    return settlement.document
