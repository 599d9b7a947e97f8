"""What the details of a past moment cost by the length of the history: time and memory.

    python -m config.embedded.scratch -m benchmarks.past

The selector alone, in one process: at the creation, at half of the history, just before today.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import time
from datetime import datetime
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.data import load
from benchmarks.pictures import memory
from contacts.models import ChangeSet, Contact
from contacts.selectors.past import details_as_of
from contacts.targets import CONTACT, TargetRef

LENGTHS = (10, 1_000, 100_000)

_FILL = """
INSERT INTO contacts_changeset (contact_id, version, kind, executed_at, schema_token, details,
    paths, source, comment)
SELECT %(contact)s, number + 1, 'change',
    %(start)s::timestamptz + make_interval(secs => number), 1,
    jsonb_build_array(jsonb_build_object('path', 'compliance.kycScore', 'original', number,
                                         'target', number + 1),
                      jsonb_build_object('path', 'contactInformation.website', 'target', 'x')),
    ARRAY['compliance', 'compliance.kycScore', 'contactInformation', 'contactInformation.website'],
    'Api', ''
FROM generate_series(1, %(changes)s::int) number
"""


def main() -> None:
    """Measure and print a table."""
    call_command("migrate", verbosity=0)
    load(Path("crmschema/demo/contact.json").read_text(), len(LENGTHS))
    print(f"{'change sets':>12}{'at version':>12}{'ms':>10}{'peak +MB':>10}")
    for contact, length in zip(Contact.objects.order_by("pk"), LENGTHS, strict=True):
        _fill(contact, length)
        for version in (1, length // 2, length - 1, length):
            _measure(contact, length, version)


def _fill(contact: Contact, length: int) -> None:
    start = timezone.now()
    ChangeSet.objects.filter(contact=contact).get()
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"contact": contact.pk, "start": start, "changes": length - 1})
        cursor.execute("VACUUM ANALYZE contacts_changeset")
    details = dict(contact.details)
    details["compliance"] = {**details.get("compliance", {}), "kycScore": length}
    Contact.objects.filter(pk=contact.pk).update(version=length, details=details)


def _measure(contact: Contact, length: int, version: int) -> None:
    moment: datetime = contact.change_sets.get(version=version).executed_at
    ref = TargetRef(CONTACT, contact.pk, 0, "contact")
    before, started = memory("VmRSS"), time.perf_counter()
    Path("/proc/self/clear_refs").write_text("5")
    found = details_as_of(ref=ref, moment=moment)
    taken = (time.perf_counter() - started) * 1_000
    assert found.version == version
    peak = memory("VmHWM") - before
    print(f"{length:12,}{version:12,}{taken:10.1f}{peak:10.1f}", flush=True)


if __name__ == "__main__":
    main()
