"""The demo's schemas, contact types and contacts."""

import json
from collections.abc import Callable, Iterable
from importlib import resources

from config.common.actors import SYSTEM
from config.demo.documents import contact_details
from config.demo.people import UIDS, People
from config.demo.portraits import portrait
from contacts.models import ChangeSet, ContactType, ExternalConnection
from contacts.services.contacts import ContactCreation, contact_create
from contacts.services.pictures import picture_set
from contacts.targets import CONTACT, TargetRef
from crmschema.models import CrmSchema
from crmschema.services import schema_create, schema_save

RETIRED_PATH = "compliance.paperFileNumber"
PROGRESS_STEP = 40
PICTURE_STEP = 3

_ADVISERS = ("anna", "ben", "carl")
_RETIRED_FIELD = {
    "type": "textfield",
    "key": "paperFileNumber",
    "label": "Paper file number",
    "input": True,
    "validate": {"maxLength": 30},
    "crm": {"isApprovalRequired": True},
}


def adviser_of(number: int) -> str:
    """Who advises a contact: 1 anna, 2 carl, 3 ben, from 4 on anna, ben and carl in turn."""
    first = {1: "anna", 2: "carl", 3: "ben"}
    return first.get(number) or _ADVISERS[(number - 4) % len(_ADVISERS)]


def contact_ref(contact_id: int) -> TargetRef:
    """The contact as a target of submissions."""
    schema = CrmSchema.objects.get(key="contact")
    return TargetRef(CONTACT, contact_id, schema.pk, schema.key)


def schemas_create() -> None:
    """Save both schemas; that of contacts in a first version that has one field more."""
    contact = schema_create(actor=SYSTEM, key="contact", schema=_first_version())
    schema_create(actor=SYSTEM, key="legalentity", schema=_schema_text("legalentity"))
    for key in ("client", "prospect"):
        ContactType.objects.create(
            key=key, labels={"en": key.title(), **_TYPE_LABELS[key]}, schema=contact
        )


def retired_field_remove() -> None:
    """Save the schema of contacts as the product ships it."""
    schema_save(actor=SYSTEM, key="contact", schema=_schema_text("contact"), concurrency_token=1)


def contacts_create(people: People, numbers: Iterable[int], report: Callable[[int], None]) -> None:
    """Create contacts by their numbers, as the demo's app does, each with its external id."""
    connections = []
    for number in numbers:
        created = contact_create(
            actor=people.app_actor, creation=_creation(number), source=ChangeSet.Source.API
        )
        connections += [
            ExternalConnection(contact_id=created.id, system=system, external_id=external_id)
            for system, external_id in external_ids(number)
        ]
        if number % PICTURE_STEP == 1:
            content = portrait(number)
            picture_set(actor=people.app_actor, contact_id=created.id, content=content)
        if number % PROGRESS_STEP == 0:
            report(number)
    ExternalConnection.objects.bulk_create(connections)


def external_ids(number: int) -> list[tuple[str, str]]:
    """What other systems call a contact: all are known to imports, some to the core banking system
    and to single sign-on, one of them under one id.
    """
    ids = [("Default", f"CRM-{number:06d}")]
    if number % 2:
        ids.append(("Cbs", f"{number:04d}/{number * 7919 % 10_000:04d}"))
    if number % 4 == 1:
        ids.append(("Sso", f"{number:04d}/{number * 7919 % 10_000:04d}"))
    return ids


def _creation(number: int) -> ContactCreation:
    details = contact_details(number)
    # Every ninth contact has no login; every fifth is not a client yet.
    username = details["contactInformation"]["primaryEmail"] if number % 9 else None
    contact_type = "prospect" if number % 5 == 0 else "client"
    return ContactCreation(
        contact_type_id=ContactType.objects.get(key=contact_type).pk,
        username=username,
        details=details,
        member_uids=[UIDS[adviser_of(number)]],
    )


_TYPE_LABELS = {
    "client": {"de": "Kunde", "fr": "Client"},
    "prospect": {"de": "Interessent", "fr": "Prospect"},
}


def _schema_text(key: str) -> str:
    return (resources.files("crmschema") / "demo" / f"{key}.json").read_text(encoding="utf-8")


def _first_version() -> str:
    """The contact's schema with the field that the second version drops (C7)."""
    schema = json.loads(_schema_text("contact"))
    panel = next(each for each in schema["components"] if each["key"] == "complianceSection")
    panel["components"][0]["components"].append(_RETIRED_FIELD)
    return json.dumps(schema)
