"""Random work through the services: history folds to the details (D11), and an approval writes
what was asked for and nothing else (C6).
"""

import json
from random import Random
from typing import Any

from changerequests.conflicts import Take
from changerequests.exceptions import ChangeRequestConflict
from changerequests.models import ChangeRequest
from contacts.exceptions import DetailsInvalid, DetailsNoLongerValid
from contacts.models import ChangeSet, Contact
from crmschema.documents import details_hash
from tests.factories.fixtures import World
from tests.factories.randoms import Ids, edited_rows, random_document, random_rows, seeded
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, folded, hold, submit

KEYS = ("city", "street")
Rows = list[dict[str, Any]]


def exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def current(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def patch_of(random: Random) -> dict[str, Any]:
    """Parts of a random document, some of them cleared."""
    document = random_document(random)
    return {
        key: None if random.random() < 0.1 and key != "person" else document.get(key)
        for key in random.sample(["person", "channels", "notes"], random.randint(1, 3))
    }


def answer(world: World, random: Random, request: ChangeRequest) -> None:
    """A reviewer's decision, with random answers to whatever has moved."""
    reviewer = world.actor(world.petra)
    if random.random() < 0.3:
        decide(reviewer, request, is_approved=False)
        return
    try:
        decide(reviewer, request)
    except ChangeRequestConflict as conflict:
        takes = {place: random.choice(list(Take)) for place in places_of(conflict)}
        decide(reviewer, request, conflicts=takes)


def places_of(conflict: ChangeRequestConflict) -> list[tuple[str, str | None]]:
    return [(each["path"], each["rowId"]) for each in (conflict.properties or {})["conflicts"]]


def test_d11_history_of_any_work_folds_to_the_details(world: World) -> None:
    for seed, random in seeded(12):
        contact = world.contact(random_document(random))
        for _ in range(10):
            member = random.choice([None, world.anna])
            pending = contact.change_requests.filter(status=1).first()
            try:
                if pending is not None and random.random() < 0.6:
                    answer(world, random, pending)
                else:
                    submit(
                        world.actor(member if pending is None else None),
                        contact,
                        patch_of(random),
                        put=random.random() < 0.2,
                    )
            except (DetailsInvalid, DetailsNoLongerValid):
                continue
            stored = current(contact)
            assert exact(folded(contact)) == exact(stored.details), seed
            assert stored.version == ChangeSet.objects.filter(contact=contact).count(), seed
            assert bytes(stored.details_hash) == details_hash(stored.details), seed


def rows_of(contact: Contact) -> Rows:
    rows: Rows = current(contact).details.get("channels", {}).get("addresses", [])
    return rows


def with_addresses(rows: Rows) -> dict[str, Any]:
    return {"channels": {"addresses": rows}}


def test_c6_an_approval_writes_no_row_that_was_not_seen(world: World) -> None:
    approved = 0
    for seed, random in seeded(120):
        kind = random.choice(list(Ids))
        stored = random_rows(random, KEYS, kind)
        contact = world.contact({**tiny_details(), **with_addresses(stored)})
        asked = edited_rows(random, stored, KEYS, kind)
        result = submit(world.actor(world.anna), contact, with_addresses(asked))
        if result.change_request_id is None:
            continue
        request = ChangeRequest.objects.get(pk=result.change_request_id)
        moved = edited_rows(random, stored, KEYS, kind) if random.random() < 0.6 else stored
        submit(world.actor(), contact, with_addresses(moved))
        before = rows_of(contact)
        take = random.choice(list(Take))
        try:
            decide_all(world, request, take)
        except DetailsNoLongerValid:
            assert rows_of(contact) == before, seed
            continue
        approved += 1
        after = rows_of(contact)
        if all("id" in row for row in [*stored, *asked, *moved]):
            check_by_id(stored, asked, before, after, take, seed)
        elif any("id" not in row for row in [*stored, *asked]):
            expected = asked if before == stored or take is Take.TARGET else before
            assert after == expected, seed
    assert approved > 40


def decide_all(world: World, request: ChangeRequest, take: Take) -> None:
    """Approve, answering every conflict in the same way."""
    try:
        decide(world.actor(world.petra), request)
    except ChangeRequestConflict as conflict:
        answers = dict.fromkeys(places_of(conflict), take)
        decide(world.actor(world.petra), request, conflicts=answers)


def check_by_id(
    stored: Rows, asked: Rows, before: Rows, after: Rows, take: Take, seed: int
) -> None:
    """Row by row: who was not asked about is untouched; who was has one of its own values."""
    seen, wanted, now, then = (
        {row["id"]: row for row in rows} for rows in (stored, asked, before, after)
    )
    for row_id in now.keys() | then.keys() | wanted.keys():
        for key in KEYS:
            values = [rows.get(row_id, {}).get(key) for rows in (seen, wanted, now, then)]
            original, target, today, result = values
            is_whole = (row_id in seen) != (row_id in wanted)
            is_gone = row_id in seen and row_id not in now and not is_whole
            if original == target and not is_whole:
                assert result == today, (seed, row_id, key)
            elif (today == original and not is_gone) or take is Take.TARGET:
                assert result == target, (seed, row_id, key)
            else:
                assert result == today, (seed, row_id, key)


def test_c6_a_held_request_shows_each_original(world: World) -> None:
    contact = world.contact()

    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    assert request.details[0]["original"] == contact.details["person"]["lastName"]
