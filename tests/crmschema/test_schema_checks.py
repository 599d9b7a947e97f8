"""Saves that stored documents stand against, and the checks that find out (S4)."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models.functions import Now

from config.common.actors import SYSTEM
from config.common.broker import ask_worker
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from contacts.models import Contact
from crmschema.exceptions import (
    BreakingChange,
    CheckNotFinished,
    CheckUnknown,
    ConcurrencyConflict,
    FieldInUse,
    SchemaInvalid,
)
from crmschema.models import CrmSchema, CrmSchemaVersion, SchemaCheck
from crmschema.selectors import schema_check_get, schema_versions_diff
from crmschema.services import (
    checks,
    clearance,
    schema_check_run,
    schema_check_start,
    schema_restore,
    schema_save,
)
from crmschema.tasks import schema_check_task, schema_checks_sweep_task
from tests.factories.checks import make_check, save_accepting
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_components, tiny_details, tiny_schema
from tests.factories.submissions import hold, submit

TINY = "/v1.0/crm/schemas/tiny"
CHECKS = "/v1.1/crm/schemas/tiny/check"
Status = SchemaCheck.Status


def stored_components() -> list[dict[str, Any]]:
    """The components as they were saved, with the uids that the server gave them."""
    components: list[dict[str, Any]] = json.loads(CrmSchema.objects.get(key="tiny").schema)[
        "components"
    ]
    return components


def person(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = components[0]["components"]
    return result


def nickname(components: list[dict[str, Any]]) -> dict[str, Any]:
    return next(each for each in person(components) if each["key"] == "nickname")


def required_nickname() -> str:
    components = stored_components()
    nickname(components)["validate"] = {"required": True}
    return form(*components)


def without_nickname() -> str:
    components = stored_components()
    person(components).remove(nickname(components))
    return form(*components)


def renamed_nickname() -> str:
    components = stored_components()
    nickname(components)["key"] = "petName"
    return form(*components)


def numeric_nickname() -> str:
    components = stored_components()
    nickname(components)["type"] = "number"
    return form(*components)


def moved_nickname() -> str:
    components = stored_components()
    moved = nickname(components)
    person(components).remove(moved)
    components[1]["components"].append(moved)
    return form(*components)


def save(text: str, accepted: UUID | None = None, token: int = 1) -> CrmSchema:
    return schema_save(
        actor=SYSTEM, key="tiny", schema=text, concurrency_token=token, accepted_check=accepted
    )


def token() -> int:
    return CrmSchema.objects.get(key="tiny").concurrency_token


def found(check: SchemaCheck) -> list[tuple[str, str, str, int, list[int]]]:
    check.refresh_from_db()
    result = schema_check_get(key="tiny", check_id=check.uid)
    return [(each.kind, each.path, each.rule, each.count, [*each.ids]) for each in result.findings]


# --- Without a check ---------------------------------------------------------------------------
def test_s4_a_compatible_save_needs_no_check(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    components = stored_components()
    person(components).append(component("textfield", "added"))
    nickname(components)["label"] = "Nick"

    assert save(form(*components)).concurrency_token == 2


@pytest.mark.parametrize("text", [required_nickname, without_nickname, renamed_nickname])
def test_s4_what_no_document_stands_against_is_compatible(world: World, text: Any) -> None:
    if text is required_nickname:
        world.contact(tiny_details(nickname="x"))
    else:
        world.contact()

    assert save(text()).concurrency_token == 2


def test_s4_a_breaking_save_is_refused_with_what_it_breaks(world: World) -> None:
    ids = [world.contact().pk for _ in range(2)]
    world.contact(tiny_details(nickname="x"))

    with pytest.raises(BreakingChange) as refused:
        save(required_nickname())

    assert refused.value.properties == {
        "changes": [
            {
                "path": "person.nickname",
                "previousPath": None,
                "kind": "Required",
                "effect": "Breaking",
                "attribute": None,
                "before": False,
                "after": True,
                "text": "Field nickname: is now required",
            }
        ],
        "findings": [
            {
                "kind": "contact",
                "path": "person.nickname",
                "rule": "Required",
                "count": 2,
                "ids": ids,
            }
        ],
        "isComplete": True,
    }
    assert (token(), CrmSchemaVersion.objects.count()) == (1, 1)


def test_s4_removing_a_field_that_holds_data_is_breaking(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x"))

    with pytest.raises(BreakingChange) as refused:
        save(without_nickname())

    assert refused.value.properties is not None
    [finding] = refused.value.properties["findings"]
    assert (finding["path"], finding["rule"], finding["ids"]) == (
        "person.nickname",
        "Removed",
        [contact.pk],
    )
    assert token() == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (renamed_nickname, "Renamed"),
        (moved_nickname, "Moved"),
        (numeric_nickname, "Retyped"),
    ],
)
def test_s4_renaming_moving_and_retyping_what_holds_data_is_always_refused(
    world: World, text: Any, rule: str
) -> None:
    contact = world.contact(tiny_details(nickname="x"))
    check = make_check(text())

    for accepted in (None, check.uid):
        with pytest.raises(FieldInUse) as refused:
            save(text(), accepted)
        assert refused.value.properties is not None
        assert [(each["rule"], each["ids"]) for each in refused.value.properties["findings"]] == [
            (rule, [contact.pk])
        ]

    assert schema_check_get(key="tiny", check_id=check.uid).is_refused
    assert token() == 1


def test_s4_another_currency_is_never_silent(world: World) -> None:
    components = [*stored_components(), component("currency", "income", currency="CHF")]
    save(form(*components))
    components = stored_components()
    components[-1]["currency"] = "EUR"
    text = form(*components)
    world.contact({**tiny_details(), "income": 5})

    with pytest.raises(BreakingChange):
        save(text, token=2)

    Contact.objects.all().update(details=tiny_details())
    with pytest.raises(BreakingChange) as refused:
        save(text, token=2)
    assert refused.value.properties is not None
    assert refused.value.properties["findings"] == []
    check = make_check(text, token=2)
    assert schema_check_get(key="tiny", check_id=check.uid).is_breaking
    assert save(text, check.uid, token=2).concurrency_token == 3


def test_s4_a_look_that_takes_too_long_asks_for_a_check(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearance, "PAGE", 1)
    monkeypatch.setattr(clearance, "LOOK_SECONDS", -1.0)
    for _ in range(2):
        world.contact()
    text = required_nickname()

    with pytest.raises(BreakingChange) as refused:
        save(text)
    assert refused.value.properties is not None
    assert refused.value.properties["isComplete"] is False
    assert [each["count"] for each in refused.value.properties["findings"]] == [1]

    make_check(text)
    with pytest.raises(BreakingChange) as known:
        save(text)
    assert known.value.properties is not None
    assert known.value.properties["isComplete"] is True
    assert [each["count"] for each in known.value.properties["findings"]] == [2]


# --- Checks ------------------------------------------------------------------------------------
def test_s4_a_check_counts_by_path_and_rule_and_names_the_first_ids(world: World) -> None:
    ids = [world.contact(tiny_details(height=200)).pk for _ in range(21)]
    anonymised = world.contact(tiny_details(height=200))
    Contact.objects.filter(pk=anonymised.pk).update(anonymised_at=Now())
    components = stored_components()
    nickname(components)["validate"] = {"required": True}
    next(each for each in person(components) if each["key"] == "height")["validate"] = {"max": 100}

    check = make_check(form(*components))

    assert check.status == Status.FINISHED
    assert found(check) == [
        ("contact", "person.height", "Maximum", 21, ids[:20]),
        ("contact", "person.nickname", "Required", 21, ids[:20]),
    ]
    result = schema_check_get(key="tiny", check_id=check.uid)
    assert (result.checked, result.total, result.is_breaking) == (22, 22, True)


def test_s4_errors_that_documents_have_already_do_not_count(world: World) -> None:
    world.contact()
    save_accepting(required_nickname())
    components = stored_components()
    person(components).append(component("textfield", "more", validate={"required": True}))

    check = make_check(form(*components), token=2)

    assert [each[1:4] for each in found(check)] == [("person.more", "Required", 1)]


def test_s4_values_that_a_condition_would_hide_count(world: World) -> None:
    hidden = world.contact(tiny_details(nickname="x"))
    world.contact(tiny_details(nickname="x", isPep=True))
    world.contact()
    rows = [{"city": "x", "isForeign": True, "permit": "p"}, {"city": "y"}]
    world.contact({**tiny_details(isPep=True), "channels": {"addresses": rows}})
    components = stored_components()
    nickname(components)["conditional"] = {"show": True, "when": "person.isPep", "eq": "true"}

    check = make_check(form(*components))

    assert found(check) == [("contact", "person.nickname", "Hidden", 1, [hidden.pk])]


def test_s4_values_in_rows_count(world: World) -> None:
    rows = [{"city": "x"}, {"city": "y", "street": "one"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    world.contact({**tiny_details(), "channels": {"addresses": rows[:1]}})
    components = stored_components()
    grid = components[1]["components"][2]
    grid["components"] = [each for each in grid["components"] if each["key"] != "street"]
    text = form(*components)

    assert found(make_check(text)) == [
        ("contact", "channels.addresses.street", "Removed", 1, [contact.pk])
    ]
    with pytest.raises(BreakingChange):
        save(text)


def test_s4_requests_and_export_columns_are_named(world: World) -> None:
    last_name = hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})
    street = hold(
        world.actor(world.anna),
        world.contact(),
        {"channels": {"addresses": [{"city": "x", "street": "y"}]}},
    )
    hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "Lovelace"}})
    components = stored_components()
    last = next(each for each in person(components) if each["key"] == "lastName")
    last["validate"] = {"maxLength": 20}
    last["crm"]["isExportable"] = True
    grid = components[1]["components"][2]
    grid["components"] = [each for each in grid["components"] if each["key"] != "street"]

    check = make_check(form(*components))

    answer = world.api().get(f"{CHECKS}/{check.uid}").json()
    assert answer["supersededRequests"] == {"count": 1, "ids": [street.pk]}
    assert answer["affectedRequests"] == {"count": 2, "ids": [last_name.pk, last_name.pk + 2]}
    assert answer["exportColumns"] == [{"path": "person.lastName", "change": "Added"}]


def test_s4_an_accepted_check_lets_the_save_pass(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x"))
    text = without_nickname()
    check = make_check(text)

    assert save(text, check.uid).concurrency_token == 2
    # What is stored stays, and stays readable; other fields can be changed.
    assert world.api().get(f"/v1.0/contacts/{contact.pk}/details").status_code == 200
    submit(world.actor(), contact, {"person": {"lastName": "King"}})
    details = Contact.objects.get(pk=contact.pk).details
    assert (details["person"]["nickname"], details["person"]["lastName"]) == ("x", "King")


def test_s4_spaces_noise_and_new_uids_make_no_other_text(world: World) -> None:
    world.contact()
    components = tiny_components()
    person(components).append(component("textfield", "more", validate={"required": True}))
    check = make_check(form(*components))
    components[0]["tableView"] = True

    assert save(json.dumps({"components": components}, indent=2), check.uid).concurrency_token == 2


def test_s4_an_unknown_check_is_refused(world: World) -> None:
    world.contact()
    text = required_nickname()
    of_other_text = make_check(without_nickname())

    for check_id in (uuid4(), of_other_text.uid):
        with pytest.raises(CheckUnknown):
            save(text, check_id)

    stale = make_check(text)
    save(tiny_schema())
    with pytest.raises(CheckUnknown):
        save(text, stale.uid, token=2)
    assert token() == 2


def test_s4_an_unfinished_check_is_refused(world: World) -> None:
    world.contact()
    text = required_nickname()
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=text, concurrency_token=1)

    for status in (Status.QUEUED, Status.RUNNING, Status.FAILED):
        SchemaCheck.objects.update(status=status)
        with pytest.raises(CheckNotFinished) as refused:
            save(text, check.uid)
        assert refused.value.properties == {"status": status}
    assert token() == 1


def test_s4_documents_written_since_the_check_are_examined_again(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x", height=1))
    text = required_nickname()
    check = make_check(text)
    assert found(check) == []
    submit(world.actor(), contact, {"person": {"nickname": None}})

    with pytest.raises(BreakingChange) as refused:
        save(text, check.uid)

    assert refused.value.properties is not None
    assert [each["ids"] for each in refused.value.properties["findings"]] == [[contact.pk]]
    assert refused.value.properties["isComplete"] is False
    submit(world.actor(), contact, {"person": {"nickname": "y"}})
    assert save(text, check.uid).concurrency_token == 2


def test_s4_a_field_that_got_data_since_the_check_is_in_use(world: World) -> None:
    contact = world.contact()
    text = renamed_nickname()
    check = make_check(text)
    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    with pytest.raises(FieldInUse):
        save(text, check.uid)


def test_s4_what_is_accepted_may_happen_to_more_documents(world: World) -> None:
    world.contact()
    text = required_nickname()
    check = make_check(text)
    world.contact()

    assert save(text, check.uid).concurrency_token == 2


# --- The job -----------------------------------------------------------------------------------
def test_h3_starting_a_check_is_audited_and_saves_nothing(world: World) -> None:
    check = schema_check_start(
        actor=world.actor(world.petra), key="tiny", schema=tiny_schema(), concurrency_token=1
    )

    event = AuditEvent.objects.latest("pk")
    assert (event.operation, event.object_type, event.object_id, event.member) == (
        "startSchemaCheck",
        "schemaCheck",
        str(check.uid),
        world.petra,
    )
    assert (check.status, token()) == (Status.QUEUED, 1)


def test_s4_a_check_of_nothing_or_of_something_bad_is_not_started(world: World) -> None:
    def start(key: str, text: str, number: int) -> None:
        schema_check_start(actor=SYSTEM, key=key, schema=text, concurrency_token=number)

    with pytest.raises(NotFound):
        start("none", "no JSON", 1)
    with pytest.raises(ConcurrencyConflict):
        start("tiny", "no JSON", 2)
    with pytest.raises(SchemaInvalid):
        start("tiny", "no JSON", 1)
    assert not SchemaCheck.objects.exists()


def test_s4_a_check_goes_on_where_another_worker_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearance, "PAGE", 2)
    ids = [world.contact().pk for _ in range(5)]
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )
    looked: list[int] = []
    original = clearance.tally_page

    def dying(tally: Any, examiner: Any, kind: str, page: Any) -> None:
        looked.extend(document.id for document in page)
        if len(looked) == 4:
            raise MemoryError
        original(tally, examiner, kind, page)

    monkeypatch.setattr(checks, "tally_page", dying)
    with pytest.raises(MemoryError):
        schema_check_run(check_id=check.pk)

    schema_check_run(check_id=check.pk)
    assert SchemaCheck.objects.get().status == Status.RUNNING  # somebody may still be at it
    SchemaCheck.objects.update(heartbeat_at=Now() - checks.STALE)
    monkeypatch.setattr(checks, "tally_page", lambda *args: (looked.extend([0]), original(*args)))
    schema_check_task(check.pk)

    assert found(check) == [("contact", "person.nickname", "Required", 5, ids)]
    assert (check.status, check.attempt, check.checked) == (Status.FINISHED, 2, 5)
    assert looked == [*ids[:4], 0, 0]
    schema_check_run(check_id=check.pk)
    assert SchemaCheck.objects.get().attempt == 2


def test_s4_a_kind_that_has_been_examined_is_not_examined_again(world: World) -> None:
    world.contact()
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )
    SchemaCheck.objects.update(source=1)

    schema_check_run(check_id=check.pk)

    assert (found(check), check.status, check.checked) == ([], Status.FINISHED, 0)


@pytest.mark.parametrize("moment", ["mark", "page"])
def test_s4_a_worker_that_was_replaced_stops_writing(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    world.contact()
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )

    def replaced(*args: Any) -> int:
        SchemaCheck.objects.update(attempt=9)
        return 0

    name = "writes_fence" if moment == "mark" else "tally_page"
    monkeypatch.setattr(checks, name, replaced)
    schema_check_run(check_id=check.pk)

    assert (SchemaCheck.objects.get().status, found(check)) == (Status.RUNNING, [])


def test_s4_a_check_that_ever_fails_ends(world: World) -> None:
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1)
    SchemaCheck.objects.update(attempt=checks.MAX_ATTEMPTS)

    schema_check_run(check_id=check.pk)

    assert SchemaCheck.objects.get().status == Status.FAILED


def test_s4_a_check_whose_text_is_refused_by_now_fails(world: World) -> None:
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1)
    SchemaCheck.objects.update(schema=form(component("unknown", "x")))

    schema_check_run(check_id=check.pk)

    assert SchemaCheck.objects.get().status == Status.FAILED


def test_s4_the_sweep_asks_again_for_checks_that_nobody_is_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        checks, "ask_worker", lambda task, pk, queue: asked.append((task, pk, queue))
    )
    silent, at_work, fresh, done, old = (
        schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1).pk
        for _ in range(5)
    )
    checks_of = SchemaCheck.objects.filter
    checks_of(pk__in=[silent, done]).update(heartbeat_at=Now() - checks.STALE)
    checks_of(pk=at_work).update(status=Status.RUNNING)
    checks_of(pk__in=[done, old]).update(status=Status.FINISHED)
    checks_of(pk__in=[silent, old]).update(created_at=Now() - checks.KEPT)

    schema_checks_sweep_task()

    assert asked == [(checks.TASK, silent, checks.QUEUE)]
    assert set(SchemaCheck.objects.values_list("pk", flat=True)) == {silent, at_work, fresh, done}


def test_in02_a_check_asks_a_worker_after_the_commit(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        check = schema_check_start(
            actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1
        )

    [callback] = callbacks
    assert (callback.func, callback.args, callback.keywords) == (
        ask_worker,
        (checks.TASK, check.pk),
        {"queue": "default"},
    )


def test_s4_a_check_without_documents_or_changes_ends_at_once(world: World) -> None:
    assert make_check(tiny_schema()).checked == 0
    world.contact()
    assert make_check(tiny_schema()).checked == 1


# --- Versions ----------------------------------------------------------------------------------
def test_s2_an_earlier_version_is_restored_as_the_next(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    first = CrmSchema.objects.get(key="tiny").schema
    save_accepting(without_nickname())

    restored = schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)

    assert (restored.concurrency_token, restored.schema) == (3, first)
    with pytest.raises(ConcurrencyConflict):
        schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)
    with pytest.raises(BreakingChange):
        schema_restore(actor=SYSTEM, key="tiny", version=2, concurrency_token=3)
    for key, version in (("tiny", 9), ("none", 1)):
        with pytest.raises(NotFound):
            schema_restore(actor=SYSTEM, key=key, version=version, concurrency_token=3)
    check = make_check(without_nickname(), token=3)
    again = schema_restore(
        actor=SYSTEM, key="tiny", version=2, concurrency_token=3, accepted_check=check.uid
    )
    assert again.concurrency_token == 4


def test_s2_the_difference_of_two_versions(world: World) -> None:
    save(without_nickname())

    def kinds(first: int, second: int) -> list[tuple[str, str]]:
        changes = schema_versions_diff(key="tiny", from_token=first, to_token=second)
        return [(change.kind.value, change.path) for change in changes]

    assert kinds(1, 2) == [("Removed", "person.nickname")]
    assert kinds(2, 1) == [("Added", "person.nickname")]
    assert kinds(1, 1) == []
    with pytest.raises(NotFound):
        kinds(1, 3)


# --- On the API --------------------------------------------------------------------------------
def test_s4_check_and_save_on_the_api(world: World) -> None:
    contact = world.contact()
    body = {"schema": required_nickname(), "concurrencyToken": 1}
    api = world.api()

    refused = api.put(TINY, body, Accept_Language="de")
    started = api.post(CHECKS, body, Idempotency_Key="once")
    again = api.post(CHECKS, body, Idempotency_Key="once")
    address = started.headers["Location"]
    queued = api.get(address).json()
    check_id = started.json()["checkId"]
    unfinished = api.put(TINY, {**body, "acceptedCheck": check_id})
    schema_check_run(check_id=SchemaCheck.objects.get().pk)
    finished = api.get(f"{address}?language=de").json()
    unknown = api.put(TINY, {**body, "acceptedCheck": str(uuid4())})
    saved = api.put(TINY, {**body, "acceptedCheck": check_id})

    assert (refused.status_code, refused.json()["subCode"]) == (409, "BreakingChange")
    assert refused.json()["properties"]["changes"][0]["text"] == "Feld nickname: ist jetzt Pflicht"
    assert (started.status_code, again.json()) == (202, started.json())
    assert address == f"{CHECKS}/{check_id}"
    assert (queued["status"], queued["progress"], queued["isBreaking"]) == (
        "Queued",
        {"checked": 0, "total": 0},
        False,
    )
    assert (unfinished.status_code, unfinished.json()["subCode"]) == (409, "CheckNotFinished")
    assert finished == {
        "checkId": check_id,
        "status": "Finished",
        "concurrencyToken": 1,
        "progress": {"checked": 1, "total": 1},
        "isBreaking": True,
        "changes": finished["changes"],
        "findings": [
            {
                "kind": "contact",
                "path": "person.nickname",
                "rule": "Required",
                "count": 1,
                "ids": [contact.pk],
            }
        ],
        "supersededRequests": {"count": 0, "ids": []},
        "affectedRequests": {"count": 0, "ids": []},
        "exportColumns": [],
        "createDate": finished["createDate"],
        "finishDate": finished["finishDate"],
    }
    assert finished["changes"][0]["text"] == "Feld nickname: ist jetzt Pflicht"
    assert (unknown.status_code, unknown.json()["subCode"]) == (400, "CheckUnknown")
    assert (saved.status_code, saved.json()) == (200, {"concurrencyToken": 2})


def test_s4_a_check_that_does_not_exist_is_404(world: World) -> None:
    check = make_check(tiny_schema())

    for address in (f"{CHECKS}/{uuid4()}", f"/v1.1/crm/schemas/none/check/{check.uid}"):
        assert world.api().get(address).status_code == 404
