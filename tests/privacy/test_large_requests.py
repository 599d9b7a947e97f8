"""More contacts than one transaction takes: a job that no crash stops (N4, AN-04)."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.common.broker import PAUSE_SECONDS, _Pause
from config.common.models import AuditEvent
from contacts.models import Anonymisation, AnonymisationItem, Contact
from contacts.services import anonymisation, erasure
from contacts.services.anonymisation import anonymisation_continue, anonymisations_wake
from contacts.tasks import anonymisation_sweep_task, anonymisation_task
from contacts.wake import wake_anonymisation
from tests.factories.api import Api
from tests.factories.contacts import make_app, make_member
from tests.factories.fixtures import World
from tests.factories.tokens import bearer

PATH = "/v1.0/contacts/anonymize"


@pytest.fixture(autouse=True)
def small(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAX_CONTACTS_AT_ONCE = 2
    monkeypatch.setattr(anonymisation, "_CHUNK", 2)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The tasks that are asked for: the broker is what leaves the process."""
    calls: list[tuple[str, Any]] = []

    def send_task(name: str, args: Any, **options: Any) -> None:
        calls.append((name, list(args)))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return calls


def start(world: World, contacts: list[Contact], **body: Any) -> Anonymisation:
    answer = world.api().post(
        PATH, {"contactIds": [contact.pk for contact in contacts], "reason": "x", **body}
    )
    assert (answer.status_code, answer.content) == (202, b"")
    job = Anonymisation.objects.get()
    assert answer["Location"] == f"/v1.1/contacts/anonymizations/{job.uid}"
    return job


def progress(world: World, job: Anonymisation) -> dict[str, Any]:
    found: dict[str, Any] = world.api().get(f"/v1.1/contacts/anonymizations/{job.uid}").json()
    return found


def test_an04_a_large_request_is_a_job_that_goes_on_by_itself(
    world: World,
    sent: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    contacts = [world.contact() for _ in range(5)]

    with django_capture_on_commit_callbacks(execute=True):
        job = start(world, contacts)

    assert sent == [("contacts.tasks.anonymisation_task", [job.pk])]
    assert not Contact.objects.filter(anonymised_at__isnull=False).exists()
    before = progress(world, job)
    assert (before["status"], before["totalCount"], before["anonymizedCount"]) == ("Running", 5, 0)
    event = AuditEvent.objects.get(operation="startAnonymization")
    assert (event.object_id, event.reason, event.app) == (str(job.uid), "x", world.app)

    anonymisation_task(job.pk)

    after = progress(world, job)
    assert (after["status"], after["anonymizedCount"]) == ("Finished", 5)
    assert after["retainedContactIds"] == []
    assert Contact.objects.filter(anonymised_at__isnull=False).count() == 5
    erasures = AuditEvent.objects.filter(operation="anonymizeContact")
    assert {(each.app_id, each.reason) for each in erasures} == {(world.app.pk, "x")}
    assert erasures.count() == 5


def test_n4_a_job_goes_on_where_a_crash_stopped_it(
    world: World, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [world.contact() for _ in range(5)]
    job = start(world, contacts)
    erase, calls = erasure.contacts_erase, iter(range(9))

    def dies_in_the_second_chunk(**options: Any) -> Any:
        result = erase(**options)
        if next(calls) == 1:
            raise MemoryError
        return result

    monkeypatch.setattr(anonymisation, "contacts_erase", dies_in_the_second_chunk)
    with pytest.raises(MemoryError):
        anonymisation_continue(anonymisation_id=job.pk)
    assert Contact.objects.filter(anonymised_at__isnull=False).count() == 2
    assert AnonymisationItem.objects.filter(outcome="Anonymized").count() == 2
    sent.clear()

    anonymisation_sweep_task()
    anonymisation_continue(anonymisation_id=job.pk)
    anonymisation_continue(anonymisation_id=job.pk)

    assert sent == [("contacts.tasks.anonymisation_task", [job.pk])]
    assert progress(world, job)["status"] == "Finished"
    assert AuditEvent.objects.filter(operation="anonymizeContact").count() == 5
    finished_at = Anonymisation.objects.get().finished_at
    anonymisation_continue(anonymisation_id=job.pk)
    assert Anonymisation.objects.get().finished_at == finished_at
    sent.clear()
    anonymisations_wake()
    assert sent == []


def test_n5_what_must_be_kept_meanwhile_is_left_out_and_named(
    world: World, sent: list[Any]
) -> None:
    contacts = [world.contact() for _ in range(3)]
    job = start(world, contacts)
    later = timezone.now() + timedelta(hours=1)
    Contact.objects.filter(pk=contacts[1].pk).update(retain_until=later)

    anonymisation_continue(anonymisation_id=job.pk)

    after = progress(world, job)
    assert after["retainedContactIds"] == [contacts[1].pk]
    assert (after["status"], after["anonymizedCount"]) == ("Finished", 2)
    contacts[1].refresh_from_db()
    assert (contacts[1].anonymised_at, contacts[1].display_name) == (None, "Ada Byron")


def test_n5_a_job_is_refused_whole_when_one_must_be_kept(world: World, sent: list[Any]) -> None:
    contacts = [world.contact() for _ in range(3)]
    later = timezone.now() + timedelta(hours=1)
    Contact.objects.filter(pk=contacts[1].pk).update(retain_until=later)

    answer = world.api().post(PATH, {"contactIds": [contact.pk for contact in contacts]})

    assert (answer.status_code, answer.json()["subCode"]) == (409, "RetentionActive")
    assert answer.json()["properties"] == {"contactIds": [contacts[1].pk]}
    assert not Anonymisation.objects.exists()


def test_d10_a_retry_of_a_large_request_names_the_same_job(world: World, sent: list[Any]) -> None:
    body = {"contactIds": [world.contact().pk for _ in range(3)]}

    answers = [world.api().post(PATH, body, Idempotency_Key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Anonymisation.objects.count() == 1


def test_a2_a_job_is_shown_to_who_made_it_only(world: World, sent: list[Any]) -> None:
    officer = make_member(permissions=["anonymise_contact", "reach_all_contacts"])
    ids = [world.contact().pk for _ in range(3)]
    world.api(officer).post(PATH, {"contactIds": ids})
    path = f"/v1.1/contacts/anonymizations/{Anonymisation.objects.get().uid}"

    assert world.api(officer).get(path).status_code == 200
    assert world.api().get(path).status_code == 404
    assert Api(bearer(app=make_app())).get(path).status_code == 404
    assert world.api().get(f"/v1.1/contacts/anonymizations/{uuid4()}").status_code == 404


def test_in03_a_broker_that_is_away_costs_the_job_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", away)
    monkeypatch.setattr(_Pause, "until", 0.0)
    began_at = time.monotonic()

    wake_anonymisation(1)

    assert _Pause.until >= began_at + PAUSE_SECONDS  # others do not ask it again at once
