"""The ledger of erasures outlives the restore of an older backup (AN-12)."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from config.common.models import AuditEvent
from contacts.erased_ids import id_hash
from contacts.models import ChangeSet, Contact, ErasedExternalId
from contacts.selectors.erased import erased_external_ids, is_erased_external_id
from contacts.selectors.ledger import ledger_entries
from contacts.services.connections import connection_add
from tests.factories.fixtures import World
from tests.privacy.test_anonymise import anonymise


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("erasure_ledger", *arguments, stdout=out)
    return out.getvalue()


def test_an12_a_restored_contact_is_erased_again(
    world: World, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    """A savepoint plays the backup: what was written since is gone, the file outside is not."""
    contact, other = world.contact(username="ada"), world.contact()
    connection_add(actor=world.actor(), contact_id=contact.pk, system="Default", external_id="C-1")
    Contact.objects.update(retain_until=None)
    file = tmp_path / "ledger.jsonl"
    backup = transaction.savepoint()
    newer = world.contact()
    anonymise(world.api(), contactIds=[contact.pk, newer.pk], reason="case 1")

    assert run("export", str(file)) == f"Erasures in {file}: 2.\n"
    transaction.savepoint_rollback(backup)
    Contact.objects.filter(pk=contact.pk).update(retain_until=timezone.now() + timedelta(days=1))
    contact.refresh_from_db()
    assert (contact.display_name, contact.username) == ("Ada Byron", "ada")

    told = run("replay", str(file))

    assert told == "Anonymised again: 1. Still anonymised: 0. Not there: 1.\n"
    contact.refresh_from_db()
    assert (contact.details, contact.username) == ({}, None)
    assert is_erased_external_id("C-1")
    assert "Byron" not in str(list(ChangeSet.objects.filter(contact=contact).values()))
    event = AuditEvent.objects.get(operation="anonymizeContact")
    assert event.reason.startswith("Again after a restore, first at ")
    assert event.reason.endswith(": case 1")
    assert (event.member, event.app) == (None, None)
    other.refresh_from_db()
    assert other.anonymised_at is None
    with django_assert_num_queries(2):
        again = run("replay", str(file))
    assert again == "Anonymised again: 0. Still anonymised: 1. Not there: 1.\n"


def test_n2_a_restore_brings_no_erased_id_back_to_imports(world: World, tmp_path: Path) -> None:
    """Both ids came after the backup, one with a contact of its own."""
    contact = world.contact()
    file = tmp_path / "ledger.jsonl"
    backup = transaction.savepoint()
    lost = world.contact()
    for each, external_id in ((contact, "C-1"), (lost, "C-2")):
        connection_add(
            actor=world.actor(), contact_id=each.pk, system="Default", external_id=external_id
        )
    anonymise(world.api(), contactIds=[contact.pk, lost.pk])
    run("export", str(file))
    transaction.savepoint_rollback(backup)
    assert erased_external_ids(["C-1", "C-2"]) == set()

    for told in ("again: 1. Still anonymised: 0.", "again: 0. Still anonymised: 1."):
        assert run("replay", str(file)) == f"Anonymised {told} Not there: 1.\n"

    assert erased_external_ids(["C-1", "C-2", "C-3"]) == {"C-1", "C-2"}
    hashes = ErasedExternalId.objects.order_by("pk")
    assert list(hashes.values_list("contact", "id_hash")) == [
        (contact.pk, id_hash("C-1")),
        (None, id_hash("C-2")),
    ]
    assert [json.loads(line)["externalIdHashes"] for line in run("export", "-").splitlines()] == [
        [id_hash("C-1").hex()]
    ]


def test_an12_a_ledger_of_before_the_hashes_is_replayed(world: World, tmp_path: Path) -> None:
    contact = world.contact()
    file = tmp_path / "ledger.jsonl"
    entry = {
        "contactId": contact.pk,
        "contactUid": str(contact.uid),
        "erasedAt": "2026-01-01T00:00:00+00:00",
        "reason": "",
    }
    file.write_text(json.dumps(entry) + "\n")

    assert run("replay", str(file)) == "Anonymised again: 1. Still anonymised: 0. Not there: 0.\n"

    assert not ErasedExternalId.objects.exists()


def test_an12_another_contact_under_the_same_id_is_left_alone(world: World, tmp_path: Path) -> None:
    contact = world.contact()
    file = tmp_path / "ledger.jsonl"
    entry = {
        "contactId": contact.pk,
        "contactUid": "00000000-0000-4000-8000-ffffffffffff",
        "erasedAt": "2026-01-01T00:00:00+00:00",
        "reason": "",
    }
    file.write_text(json.dumps(entry) + "\n")

    assert run("replay", str(file)) == "Anonymised again: 0. Still anonymised: 0. Not there: 1.\n"

    contact.refresh_from_db()
    assert contact.anonymised_at is None


def assert_second_line_refused(tmp_path: Path, good: str, line: str) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_text(good + line)
    with pytest.raises(CommandError, match="Line 2 is no erasure; nothing was done"):
        run("replay", str(file))


@pytest.mark.parametrize("line", ["x", "{}", "[]", '{"contactId": "x"}'])
def test_a_damaged_ledger_is_refused_whole(world: World, tmp_path: Path, line: str) -> None:
    contact = world.contact()
    anonymise(world.api(), contactIds=[world.contact().pk])

    assert_second_line_refused(tmp_path, run("export", "-"), line)

    assert Contact.objects.get(pk=contact.pk).anonymised_at is None


@pytest.mark.parametrize("hashes", [1, [1], ["x"], ["00"], "ab"])
def test_a_ledger_with_damaged_hashes_is_refused_whole(
    world: World, tmp_path: Path, hashes: object
) -> None:
    anonymise(world.api(), contactIds=[world.contact().pk])
    good = run("export", "-")

    line = json.dumps({**json.loads(good), "externalIdHashes": hashes})
    assert_second_line_refused(tmp_path, good, line)


def test_the_ledger_is_exported_from_a_moment_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anonymise(world.api(), contactIds=[world.contact().pk], reason="first")
    lines = run("export", "-").splitlines()
    later = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert [json.loads(line)["reason"] for line in lines] == ["first"]
    assert run("export", "-", "--since", later) == ""
    with pytest.raises(CommandError, match="--since"):
        run("export", "-", "--since", "yesterday")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run("replay", "-") == "Anonymised again: 0. Still anonymised: 1. Not there: 0.\n"


def test_an12_an_erasure_during_the_export_does_not_stop_it(
    world: World, django_assert_num_queries: Any
) -> None:
    """Events and contacts come by one statement, so that none of them is newer than the others."""
    contacts = [world.contact(), world.contact()]
    anonymise(world.api(), contactIds=[contact.pk for contact in contacts])

    with django_assert_num_queries(1):
        entries = list(ledger_entries())

    assert [(each.contact_id, each.contact_uid) for each in entries] == [
        (contact.pk, contact.uid) for contact in contacts
    ]
