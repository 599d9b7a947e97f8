"""How long it takes to anonymise contacts with history, requests and connections.

    python -m config.embedded.scratch -m benchmarks.anonymise [--contacts N] [--changes N]

The aim: 500 contacts with history in under 30 s, in one request.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.data import load
from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from contacts.models import App, ChangeSet, Contact, ExternalConnection, Member
from contacts.services.anonymisation import Selection, contacts_anonymise

# Each contact takes part with so many changes of two fields, and with one request.
_HISTORY = """
INSERT INTO contacts_changeset (contact_id, version, kind, executed_at, schema_token, details,
    paths, source, member_id, app_id, comment)
SELECT contact.id, number + 1, 'change', now(), 1,
    jsonb_build_array(jsonb_build_object('path', 'compliance.kycScore', 'original', number,
                                         'target', number + 1),
                      jsonb_build_object('path', 'contactInformation.website', 'target', 'x')),
    ARRAY['compliance', 'compliance.kycScore', 'contactInformation', 'contactInformation.website'],
    'Api', %(member)s, %(app)s, 'a comment'
FROM contacts_contact contact, generate_series(1, %(changes)s::int) number
WHERE contact.id = ANY (%(ids)s::int[])
"""
_VERSIONS = "UPDATE contacts_contact SET version = %s WHERE id = ANY (%s::int[])"


def main() -> None:
    """Measure and print."""
    options = _options()
    call_command("migrate", verbosity=0)
    schema = Path(settings.BASE_DIR / "crmschema" / "demo" / "contact.json")
    load(schema.read_text(encoding="utf-8"), options.contacts)
    ids = list(Contact.objects.order_by("pk").values_list("pk", flat=True)[: options.contacts])
    _fill(ids, options.changes)
    settings.MAX_CONTACTS_AT_ONCE = len(ids)
    started = time.perf_counter()
    contacts_anonymise(actor=SYSTEM, selection=Selection(contact_ids=ids), reason="measured")
    seconds = time.perf_counter() - started
    assert Contact.objects.filter(anonymised_at__isnull=False).count() == len(ids)
    assert AuditEvent.objects.filter(operation="anonymizeContact").count() == len(ids)
    print(
        f"{len(ids)} contacts, {ChangeSet.objects.filter(contact__in=ids).count()} change sets: "
        f"{seconds:.1f} s, {seconds / len(ids) * 1000:.1f} ms each"
    )


def _fill(ids: list[int], changes: int) -> None:
    """History, a request and two connections for each."""
    member, app = Member.objects.order_by("pk")[0], App.objects.order_by("pk")[0]
    with connection.cursor() as cursor:
        values = {"ids": ids, "changes": changes, "member": member.pk, "app": app.pk}
        cursor.execute(_HISTORY, values)
        cursor.execute(_VERSIONS, [changes + 1, ids])
    change = {"path": "personalInformation.lastName", "original": "x", "target": "y"}
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            contact_id=pk,
            created_at=timezone.now(),
            initiator=member,
            schema_token=1,
            details=[{**change, "isApprovalRequired": True}],
            paths=["personalInformation", "personalInformation.lastName"],
        )
        for pk in ids
    )
    ExternalConnection.objects.bulk_create(
        ExternalConnection(contact_id=pk, system=system, external_id=f"id-{pk}")
        for pk in ids
        for system in ("Default", "Cbs")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=500)
    parser.add_argument("--changes", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
