"""The search of change requests over 100,000 of them, as an app and as a member of each level.

    python -m config.embedded.scratch -m benchmarks.request_searches [--rounds N] [--only TEXT]

Whole requests, in the process: token, search, JSON. For each case two 95th percentiles, in
milliseconds: by the clock and, in brackets, by the CPU time of web process and database together.
On a machine that has nothing else to do the two are close; on a busy one believe the second. At
the end, the most statements that any case takes. `--only` measures the cases that its text is in.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import django

django.setup()

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken

from benchmarks import request_data
from benchmarks.figures import percentile
from config.common.access import SCOPES
from config.common.actors import SYSTEM
from config.common.memory import keep_loaded
from config.common.tokens import generate_access_token
from contacts.models import App, ContactType, Member
from crmschema.services import schema_create

COUNT = 100_000
PATH = "/v1.0/contacts/change-requests/search"
# The deprecated search by a member's eyes; here by the caller's own, for the app by the head's.
MEMBER_PATH = "/v1.0/members/{}/contacts/change-requests/search"
Body = dict[str, Any]  # Any: JSON values


class Caller(NamedTuple):
    """Who asks, and the member by whose eyes the deprecated search looks."""

    client: Client
    eyes: int


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
    "a common and a rare path": {"paths": ["contactInformation", "section3.field500"]},
    "pending, of a month, with a path": {
        "statusId": 1,
        "createDateFrom": "2025-03-01T00:00:00Z",
        "createDateTo": "2025-04-01T00:00:00Z",
        "paths": ["contactInformation.addresses"],
    },
    "a rare path, latest review first": {
        "paths": ["section3.field500"],
        "sortBy": "ReviewDate",
        "sortOrder": "Descending",
    },
    "rejected, reviewed in a month": {
        "statusId": 3,
        "reviewDateFrom": "2025-03-01T00:00:00Z",
        "reviewDateTo": "2025-04-01T00:00:00Z",
    },
    "created and reviewed in a month": {
        "createDateFrom": "2025-03-01T00:00:00Z",
        "createDateTo": "2025-04-01T00:00:00Z",
        "reviewDateFrom": "2025-03-01T00:00:00Z",
        "reviewDateTo": "2025-04-01T00:00:00Z",
    },
    "directly advised, with a path": {
        "excludeHierarchy": True,
        "paths": ["contactInformation.addresses"],
    },
    "page 1,000": {"page": 999},
    "page 1,000, by contact": {"page": 999, "sortBy": "ContactId"},
    "a page past the end": {"page": 100_000},
    **{
        f"by {name}{', falling' if order == 'Descending' else ''}": {
            "sortBy": name,
            "sortOrder": order,
        }
        for name in (
            "Id",
            "StatusId",
            "CreateDate",
            "InitiatorMemberId",
            "ContactId",
            "ReviewDate",
            "ReviewMemberId",
        )
        for order in ("Ascending", "Descending")
    },
}


def main() -> None:
    """Fill an empty database, measure, print a table."""
    options = _options()
    keep_loaded()
    callers, cases = _callers(), {**CASES, **_cases_by_people()}
    print(f"{'p95 (by CPU) in ms':35}" + "".join(f"{name:>14}" for name in callers))
    most = 0
    for case, body in cases.items():
        for kind, path in (("", PATH), (" (of a member)", MEMBER_PATH)):
            if options.only in case + kind and not (kind and _names_people(body)):
                most = max(most, *_row(case + kind, path, body, callers, options.rounds))
    print(f"{'the most statements of a search':35}{most:14}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.request_searches")
    parser.add_argument("--rounds", type=int, default=40, help="how often each is asked")
    parser.add_argument("--only", default="", help="the cases that this text is in")
    return parser.parse_args()


def _names_people(body: Body) -> bool:
    """By uid: the deprecated search has ids."""
    return any(name.endswith("Uids") for name in body)


def _row(case: str, path: str, body: Body, callers: dict[str, Caller], rounds: int) -> list[int]:
    """Measure and print a case; how many statements it takes for each caller."""
    found = [_measure(caller, path, body, rounds) for caller in callers.values()]
    shown = (f"{clock:.0f} ({cpu:.0f})" for clock, cpu in found)
    print(f"{case:35}" + "".join(f"{each:>14}" for each in shown), flush=True)
    return [_statements(caller, path, body) for caller in callers.values()]


def _callers() -> dict[str, Caller]:
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
        "app": _caller(app, None, firm.levels[0]),
        **{name: _caller(app, Member.objects.get(pk=pk), pk) for name, pk in members.items()},
    }


def _caller(app: App, member: Member | None, eyes: int) -> Caller:
    request = SimpleNamespace(
        client=app, user=member, scopes=list(SCOPES), grant_type="authorization_code"
    )
    token = generate_access_token(request)
    expires = datetime.now(UTC) + timedelta(hours=2)
    AccessToken.objects.create(user=member, application=app, token=token, expires=expires)
    return Caller(Client(headers={"Authorization": f"Bearer {token}"}), eyes)


def _cases_by_people() -> dict[str, Body]:
    initiator = Member.objects.get(username="firm500").uid
    reviewer = Member.objects.get(username="firm3").uid
    return {
        "of an initiator": {"initiatorMemberUids": [str(initiator)]},
        "of a reviewer": {"reviewMemberUids": [str(reviewer)]},
    }


def _search(caller: Caller, path: str, body: Body) -> None:
    path = path.format(caller.eyes)
    answer = caller.client.post(path, json.dumps(body), content_type="application/json")
    if answer.status_code != 200:
        raise SystemExit(f"{path} {body}: {answer.status_code} {answer.content.decode()}")


def _measure(caller: Caller, path: str, body: Body, rounds: int) -> tuple[float, float]:
    """The 95th percentiles of the time and of the CPU time of one request, in milliseconds."""
    _search(caller, path, body)
    times, works = [], []
    for _ in range(rounds):
        started, before = time.perf_counter(), _cpu_seconds()
        _search(caller, path, body)
        works.append(_cpu_seconds() - before)
        times.append(time.perf_counter() - started)
    return _p95(times), _p95(works)


def _p95(seconds: list[float]) -> float:
    return 1000 * percentile(seconds, 0.95)


def _cpu_seconds() -> float:
    """CPU time that this process and its database connection's have taken, to the microsecond."""
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(backend.read_text().split()[0]) / 1e9


def _statements(caller: Caller, path: str, body: Body) -> int:
    with CaptureQueriesContext(connection) as captured:
        _search(caller, path, body)
    return len(captured)


if __name__ == "__main__":
    main()
