"""A contact's page of history among a million change sets: percentiles, and what the planner does.

    python -m config.embedded.scratch -m benchmarks.history [--change-sets N] [--contacts N]

Through the whole API in one process (token, reach, search, count, labels). One contact has 5,000
change sets, the others share the rest.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from benchmarks.data import load
from benchmarks.figures import percentile
from config.common.paging import PageRequest, Sort
from contacts.models import App, Contact, Member
from contacts.selectors.history import HistoryQuery, history_search
from contacts.targets import CONTACT, TargetRef
from tests.factories.tokens import bearer

LONG = 5_000
CALLS = 400

_FILL = """
INSERT INTO contacts_changeset (contact_id, version, kind, executed_at, schema_token, details,
    paths, source, member_id, app_id, comment)
SELECT contact.id, number + 1, 'change', now() - make_interval(mins => %(each)s - number), 1,
    jsonb_build_array(jsonb_build_object('path', 'compliance.kycScore', 'original', number,
                                         'target', number + 1),
                      jsonb_build_object('path', 'contactInformation.website', 'target', 'x')),
    ARRAY['compliance', 'compliance.kycScore', 'contactInformation', 'contactInformation.website'],
    'Api', %(member)s, %(app)s, ''
FROM contacts_contact contact, generate_series(1, %(each)s::int) number
WHERE (contact.id = %(first)s) = %(is_first)s
"""
_BODIES: dict[str, dict[str, Any]] = {
    "first page of 25": {},
    "page 3 of 100 a page": {"page": 3, "pageSize": 100},
    "by path": {"paths": ["compliance.kycScore"]},
    "by person and time": {"executionDateFrom": "2020-01-01T00:00:00Z"},
}


def main() -> None:
    """Measure and print a table."""
    options = _options()
    call_command("migrate", verbosity=0)
    load(Path("crmschema/demo/contact.json").read_text(), options.contacts)
    first, *others = Contact.objects.order_by("pk").values_list("pk", flat=True)
    member, app = Member.objects.order_by("pk")[0], App.objects.get(client_id="bench-app")
    _fill(options, first, member, app)
    client = Client(headers={"Authorization": f"Bearer {bearer(app=app)}"})
    spread = [others[number * 37 % len(others)] for number in range(CALLS)]
    _BODIES["by person and time"]["initiatorPersonUids"] = [str(member.uid)]
    print(f"{'case':50}{'p50 ms':>10}{'p50 CPU':>10}{'p95 ms':>10}{'p95 CPU':>10}")
    for name, body in _BODIES.items():
        search = _search(client, body)
        _print(f"{name}, one of {len(others):,} contacts", _times(search, spread))
        _print(f"{name}, {LONG:,} change sets", _times(search, [first] * 100))
    _print("details of a past moment", _times(_past(client), spread))
    _print(f"details of a past moment, {LONG:,} change sets", _times(_past(client), [first] * 3))
    _explain(first)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--change-sets", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=10_000)
    return parser.parse_args()


def _fill(options: argparse.Namespace, first: int, member: Member, app: App) -> None:
    rest = (options.change_sets - options.contacts - LONG) // (options.contacts - 1)
    with connection.cursor() as cursor:
        for is_first, each in ((True, LONG - 1), (False, rest)):
            values = {"first": first, "is_first": is_first, "each": each}
            cursor.execute(_FILL, {**values, "member": member.pk, "app": app.pk})
        cursor.execute(
            "UPDATE contacts_contact SET version = CASE id WHEN %s THEN %s ELSE %s END",
            [first, LONG, rest + 1],
        )
        cursor.execute("VACUUM ANALYZE contacts_changeset")
        cursor.execute("SELECT count(*) FROM contacts_changeset")
        print(f"{cursor.fetchone()[0]:,} change sets")


def _search(client: Client, body: dict[str, Any]) -> Callable[[int], HttpResponse]:
    def search(contact_id: int) -> HttpResponse:
        path = f"/v1.1/contacts/{contact_id}/details/change-history/search"
        return client.post(path, body, content_type="application/json")

    return search


def _past(client: Client) -> Callable[[int], HttpResponse]:
    moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return lambda contact_id: client.get(f"/v1.1/contacts/{contact_id}/details?asOf={moment}")


def _explain(contact_id: int) -> None:
    ref = TargetRef(CONTACT, contact_id, 0, "contact")
    query = HistoryQuery(PageRequest(0, 25), Sort("executed_at", is_descending=True))
    connection.force_debug_cursor = True
    history_search(ref=ref, query=query)
    with connection.cursor() as cursor:
        for statement in [each["sql"] for each in connection.queries_log][-2:]:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}")
            print("\n".join(line for (line,) in cursor.fetchall()), end="\n\n")


def _times(
    call: Callable[[int], HttpResponse], arguments: Iterable[int]
) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock, and of CPU in this process, which others do not lengthen."""
    walls, cpus = [], []
    for argument in arguments:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = call(argument)
        cpus.append((time.process_time() - cpu) * 1_000)
        walls.append((time.perf_counter() - wall) * 1_000)
        assert answer.status_code == 200, answer.content
    return walls, cpus


def _print(name: str, times: tuple[list[float], list[float]]) -> None:
    figures = [percentile(each, share) for share in (0.5, 0.95) for each in times]
    print(f"{name:50}{''.join(f'{figure:10.2f}' for figure in figures)}", flush=True)


if __name__ == "__main__":
    main()
