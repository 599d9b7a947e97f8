"""The search of change requests over 100,000 of them, as an app and as a member of each level.

    python -m config.embedded.scratch manage.py shell -v 0 \
        -c 'from benchmarks.request_searches import main; main()'

Whole requests, in the process: token, search, JSON. For each case the 95th percentile of the time
and, in brackets, the CPU time of web process and database together, in milliseconds: on a machine
that has nothing else to do the two are close; on a busy one believe the second. At the end, how
many statements the first page takes.
"""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken

from benchmarks import request_data
from benchmarks.load import cpu_seconds
from config.common.access import SCOPES
from config.common.actors import SYSTEM
from config.common.tokens import generate_access_token
from contacts.models import App, ContactType, Member
from crmschema.services import schema_create

COUNT = 100_000
PATH = "/v1.0/contacts/change-requests/search"
Body = dict[str, Any]  # Any: JSON values

CASES: dict[str, Body] = {
    "first page": {},
    "200 rows": {"pageSize": 200},
    "pending": {"statusId": 1},
    "approved": {"statusId": 2},
    "superseded": {"statusId": 5},
    "created in a month": {
        "createDateFrom": "2025-03-01T00:00:00Z",
        "createDateTo": "2025-04-01T00:00:00Z",
    },
    "reviewed in a month": {
        "reviewDateFrom": "2025-03-01T00:00:00Z",
        "reviewDateTo": "2025-04-01T00:00:00Z",
    },
    "reviewed, latest review first": {
        "reviewDateFrom": "2025-01-01T00:00:00Z",
        "sortBy": "ReviewDate",
        "sortOrder": "Descending",
    },
    "100 contacts": {"contactIds": list(range(500, 600))},
    "path of all": {"paths": ["contactInformation"]},
    "path of a third": {"paths": ["contactInformation.addresses"]},
    "path of a few": {"paths": ["section3.field500"]},
    "path of none": {"paths": ["no.such.path"]},
    "pending, with a path": {"statusId": 1, "paths": ["contactInformation.addresses"]},
    "directly advised": {"excludeHierarchy": True},
    **{
        f"by {name}": {"sortBy": name}
        for name in ("Id", "StatusId", "InitiatorMemberId", "ContactId", "ReviewMemberId")
    },
}


def main(rounds: int = 40) -> None:
    """Fill an empty database, measure, print a table."""
    callers = _callers()
    print(f"{'p95 (CPU) in ms':31}" + "".join(f"{name:>14}" for name in callers))
    for case, body in (CASES | _cases_by_people()).items():
        figures = [_measure(client, body, rounds) for client in callers.values()]
        shown = (f"{p95:.0f} ({cpu:.0f})" for p95, cpu in figures)
        print(f"{case:31}" + "".join(f"{each:>14}" for each in shown), flush=True)
    counts = [_statements(client) for client in callers.values()]
    print(f"{'first page: statements':31}" + "".join(f"{count:14}" for count in counts))


def _callers() -> dict[str, Client]:
    call_command("migrate", verbosity=0)
    form = '{"display": "form", "components": [{"type": "textfield", "key": "x", "label": "X"}]}'
    schema = schema_create(actor=SYSTEM, key="any", schema=form)
    contact_type = ContactType.objects.create(key="client", schema=schema)
    firm = request_data.fill(contact_type_id=contact_type.pk, contacts=COUNT, requests=COUNT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    view = Permission.objects.get(codename="view_contact")
    for member in Member.objects.filter(pk__in=firm.levels):
        member.user_permissions.add(view)
    app = App.objects.create(
        client_id="bench", client_type="confidential", scopes=list(SCOPES), name="bench"
    )
    members = {f"level {level}": pk for level, pk in enumerate(firm.levels, 1)}
    return {
        "app": _client(app, None),
        **{name: _client(app, Member.objects.get(pk=pk)) for name, pk in members.items()},
    }


def _client(app: App, member: Member | None) -> Client:
    request = SimpleNamespace(
        client=app, user=member, scopes=list(SCOPES), grant_type="authorization_code"
    )
    token = generate_access_token(request)
    expires = datetime.now(UTC) + timedelta(hours=2)
    AccessToken.objects.create(user=member, application=app, token=token, expires=expires)
    return Client(headers={"Authorization": f"Bearer {token}"})


def _cases_by_people() -> dict[str, Body]:
    initiator = Member.objects.get(username="firm500").uid
    reviewer = Member.objects.get(username="firm3").uid
    return {
        "of an initiator": {"initiatorMemberUids": [str(initiator)]},
        "of a reviewer": {"reviewMemberUids": [str(reviewer)]},
    }


def _search(client: Client, body: Body) -> None:
    answer = client.post(PATH, json.dumps(body), content_type="application/json")
    if answer.status_code != 200:
        raise SystemExit(f"{body}: {answer.status_code} {answer.content.decode()}")


def _measure(client: Client, body: Body, rounds: int) -> tuple[float, float]:
    """The 95th percentile of the time, and the CPU time of one request, in milliseconds."""
    _search(client, body)
    times, pids = [], [os.getpid(), connection.connection.info.backend_pid]
    before = cpu_seconds(pids)
    for _ in range(rounds):
        started = time.perf_counter()
        _search(client, body)
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)[int(0.95 * rounds)], 1000 * (cpu_seconds(pids) - before) / rounds


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        _search(client, {})
    return len(captured)
