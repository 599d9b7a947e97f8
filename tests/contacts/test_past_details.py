"""The details of a past moment, rebuilt from history (D11, N2, A2)."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contacts.exceptions import DetailsErased
from contacts.models import ChangeSet, Contact
from contacts.selectors import past as selector
from contacts.selectors.past import details_as_of
from tests.factories.api import past_path
from tests.factories.clock import stopped_at
from tests.factories.documents import examples
from tests.factories.fixtures import World
from tests.factories.randoms import Ids, edited_rows, random_document, random_rows
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, ref_of, submit

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


def times(contact: Contact) -> list[datetime]:
    return list(contact.change_sets.order_by("version").values_list("executed_at", flat=True))


def ask(world: World, contact: Contact, moment: datetime | str) -> Any:
    text = moment if isinstance(moment, str) else moment.isoformat()
    return world.api(world.anna).get(past_path(contact.pk, text))


def past(world: World, contact: Contact, moment: datetime | str) -> Any:
    """The answer's body; what is asked for is there."""
    answer = ask(world, contact, moment)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_d11_details_are_those_of_the_moment(world: World, contact: Contact) -> None:
    documents = [contact.details]
    for nickname in ("x", "y"):
        submit(world.actor(), contact, {"person": {"nickname": nickname}})
        contact.refresh_from_db()
        documents.append(contact.details)
    moments = times(contact)

    for number, moment in enumerate(moments):
        found = past(world, contact, moment)
        assert found["id"] == contact.pk
        assert datetime.fromisoformat(found["asOf"]) == moment
        assert datetime.fromisoformat(found["executionDate"]) == moment
        assert (found["version"], found["details"]) == (number + 1, documents[number])
    before_last = past(world, contact, moments[2] - MICROSECOND)
    assert (before_last["version"], before_last["details"]) == (2, documents[1])
    assert past(world, contact, timezone.now())["details"] == documents[2]


def test_d11_an_approved_request_counts_from_its_approval_on(
    world: World, contact: Contact
) -> None:
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    meanwhile = timezone.now()
    decide(world.actor(world.petra), request)

    assert past(world, contact, meanwhile)["details"]["person"]["lastName"] == "Byron"
    assert past(world, contact, times(contact)[-1])["details"]["person"]["lastName"] == "King"


def test_before_the_creation_there_was_nothing(world: World, contact: Contact) -> None:
    for moment in (times(contact)[0] - MICROSECOND, "0001-01-01T00:00:00Z"):
        assert ask(world, contact, moment).status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "Invalid"),
        ("asof=2020-01-01T00:00:00Z", "Invalid"),
        ("asOf=", "Invalid"),
        ("asOf=yesterday", "Invalid"),
        ("asOf=2020-01-01", "Invalid"),
        ("asOf=2020-01-01T00:00:00+02:00", "Invalid"),
        ("asOf=2023-02-29T00:00:00Z", "Invalid"),
        ("asOf=9999-12-31T00:00:00Z", "Range"),
    ],
)
def test_q2_a_moment_is_required_and_past(
    world: World, contact: Contact, query: str, code: str
) -> None:
    answer = world.api().get(f"/v1.1/contacts/{contact.pk}/details?{query}")

    assert answer.status_code == 400
    (error,) = answer.json()["properties"]["errors"]
    assert (error["path"], error["code"]) == ("asOf", code)


@pytest.mark.parametrize(("minutes", "status"), [(-2, 400), (0, 400), (2, 200)])
def test_h1_what_is_future_is_told_by_the_clock_of_history(
    stopped_clock: None, world: World, minutes: int, status: int
) -> None:
    """The database's, whatever that of the web server says (IN-08)."""
    contact, moment = world.contact(), timezone.now() + timedelta(minutes=1)
    stopped_at(timezone.now() + timedelta(minutes=minutes))

    assert ask(world, contact, moment).status_code == status


def test_q2_a_moment_without_an_offset_is_utc(world: World, contact: Contact) -> None:
    moment = times(contact)[0].astimezone(UTC).replace(tzinfo=None)

    assert past(world, contact, moment)["version"] == 1
    shifted = (moment + timedelta(hours=2)).isoformat() + "+02:00"
    assert past(world, contact, shifted)["version"] == 1


def test_a2_the_past_of_a_contact_out_of_reach_is_not_found(world: World, contact: Contact) -> None:
    path = past_path(contact.pk, timezone.now().isoformat())

    assert world.api(world.petra).get(path).status_code == 200
    assert world.api(world.carl).get(path).status_code == 404


def test_n2_after_an_erasure_the_past_is_gone_and_says_so(world: World, contact: Contact) -> None:
    submit(world.actor(), contact, {"person": {"nickname": "x"}})
    moments = times(contact)
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now(), details={"a": 1})

    gone = ask(world, contact, moments[0])
    now = past(world, contact, moments[1])

    assert (gone.status_code, gone.json()["subCode"]) == (410, "DetailsErased")
    assert (now["version"], now["details"]) == (2, {"a": 1})
    with pytest.raises(DetailsErased):
        details_as_of(ref=ref_of(contact), moment=moments[0])


def test_d11_a_clock_that_was_set_back_leaves_no_change_out(world: World) -> None:
    contact = world.contact()
    for nickname in ("x", "y"):
        submit(world.actor(), contact, {"person": {"nickname": nickname}})
    creation, middle, last = contact.change_sets.order_by("version")
    early = creation.executed_at + MICROSECOND
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE contacts_changeset DISABLE TRIGGER USER")
        ChangeSet.objects.filter(pk=last.pk).update(executed_at=early)
        cursor.execute("ALTER TABLE contacts_changeset ENABLE TRIGGER USER")
    assert middle.executed_at > early

    found = details_as_of(ref=ref_of(contact), moment=early)

    assert (found.version, found.details["person"]["nickname"]) == (3, "y")


def test_the_past_takes_few_statements_however_long_it_is(world: World, contact: Contact) -> None:
    long = world.contact()
    for number in range(30):
        submit(world.actor(), long, {"person": {"height": number}})
    moments = times(long)
    world.api(world.anna)

    # The caller and its reach; today's details; the history; whether it was erased meanwhile.
    assert statements_of_past(world, contact, timezone.now()) == 2
    assert statements_of_past(world, long, timezone.now()) == 2
    assert statements_of_past(world, long, moments[20]) == 4
    assert statements_of_past(world, long, moments[5]) == 4


def statements_of_past(world: World, contact: Contact, moment: datetime) -> int:
    with CaptureQueriesContext(connection) as captured:
        past(world, contact, moment)
    return len(captured)


def test_d11_change_sets_are_read_in_chunks_from_the_nearer_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = world.contact()
    stored = [contact.details]
    for number in range(10):
        submit(world.actor(), contact, {"person": {"height": number}})
        contact.refresh_from_db()
        stored.append(contact.details)
    moments = times(contact)
    monkeypatch.setattr(selector, "CHUNK", 2)
    ref = ref_of(contact)

    for number, moment in enumerate(moments):
        with CaptureQueriesContext(connection) as captured:
            found = details_as_of(ref=ref, moment=moment)
        read = [each["sql"] for each in captured if " BETWEEN " in each["sql"]]
        assert (found.version, found.details) == (number + 1, stored[number])
        # Of eleven versions: so many from the creation on, or so many back from today.
        assert len(read) == -(-min(number + 1, 10 - number) // 2)


def test_n2_an_erasure_while_the_past_is_read_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = world.contact()
    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    def erased_meanwhile(change_set: ChangeSet) -> list[Any]:
        Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())
        return []

    monkeypatch.setattr(selector, "change_set_changes", erased_meanwhile)

    with pytest.raises(DetailsErased):
        details_as_of(ref=ref_of(contact), moment=times(contact)[0])


# --- Whatever happened, the past is what was stored then -----------------------------------------
def edited(random: Any, document: dict[str, Any]) -> dict[str, Any]:
    """A few edits as people make them, or another document altogether."""
    if random.random() < 0.4:
        return random_document(random)
    changed = deepcopy(document)
    notes = edited_rows(random, changed.get("notes", []), ("text",), random.choice(list(Ids)))
    addresses = edited_rows(
        random,
        changed.get("channels", {}).get("addresses", []),
        ("city", "street"),
        random.choice(list(Ids)),
    )
    changed["notes"] = notes or random_rows(random, ("text",))
    changed.setdefault("channels", {})["addresses"] = addresses
    changed["person"]["nickname"] = random.choice(("x", "y", None))
    return changed


@examples(25)
@given(random=st.randoms(use_true_random=False), length=st.integers(1, 8))
def test_d11_the_past_equals_what_was_stored_then(world: World, random: Any, length: int) -> None:
    contact = world.contact(random_document(random))
    contact.refresh_from_db()
    stored = {contact.version: contact.details}
    for _ in range(length):
        submit(world.actor(), contact, edited(random, contact.details), put=True)
        contact.refresh_from_db()
        stored[contact.version] = contact.details

    moments = times(contact)
    assert len(moments) == len(stored)
    for version, moment in enumerate(moments, start=1):
        found = details_as_of(ref=ref_of(contact), moment=moment)
        assert (found.version, found.since) == (version, moment)
        assert found.details == stored[version]


def test_tiny_details_are_a_past_too(world: World) -> None:
    contact = world.contact(tiny_details())

    assert details_as_of(ref=ref_of(contact), moment=timezone.now()).details == contact.details
