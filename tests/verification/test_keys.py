"""Keys: how they are made, kept and compared (V2)."""

import ast
import inspect
from collections import Counter

from contacts import keys
from contacts.models import Contact, PendingChannel
from contacts.services.verification import keys_purge
from contacts.tasks import channel_keys_purge_task
from tests.factories.api import Api
from tests.factories.keys import latest_key, let_keys_age
from tests.verification.conftest import NEW, ask, pending


def test_vk12_keys_are_compared_in_constant_time() -> None:
    tree = ast.parse(inspect.getsource(keys.key_matches))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    comparisons = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.Is | ast.IsNot)
    ]

    assert "hmac.compare_digest" in calls
    assert comparisons == []


def test_vk12_a_key_matches_itself_alone_and_only_where_it_belongs() -> None:
    stored = keys.key_hash(7, "Email", "012345")

    assert keys.key_matches(stored, 7, "Email", "012345")
    for contact_id, channel, key in [
        (7, "Email", "012346"),
        (7, "Email", ""),
        (7, "Email", "012345 "),
        (7, "Mobile", "012345"),
        (8, "Email", "012345"),
    ]:
        assert not keys.key_matches(stored, contact_id, channel, key)
    assert not keys.key_matches(None, 7, "Email", "012345")


def test_vk15_keys_have_six_digits_each_as_likely_as_any_other() -> None:
    made = [keys.new_key() for _ in range(10_000)]

    assert {len(key) for key in made} == {6}
    assert all(key.isascii() and key.isdecimal() for key in made)
    for position in range(6):
        digits = Counter(key[position] for key in made)
        assert len(digits) == 10
        # Chi-squared with nine degrees of freedom: beyond 50 once in ten million runs.
        assert sum((count - 1000) ** 2 / 1000 for count in digits.values()) < 50
    # Fifty repetitions are expected of a million keys; a short cycle would show.
    assert len(set(made)) > 9_800


def test_vk15_keys_come_from_the_systems_generator_and_keep_leading_zeros(monkeypatch) -> None:
    monkeypatch.setattr(keys.secrets, "randbelow", lambda limit: 42 if limit == 10**6 else -1)

    assert keys.new_key() == "000042"


def test_v2_a_key_is_stored_as_a_keyed_hash_only(
    anna: Api, contact: Contact, settings: object
) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    stored = bytes(PendingChannel.objects.get().key_hash or b"")
    assert stored == keys.key_hash(contact.pk, "Email", key)
    assert key.encode() not in stored
    settings.SECRET_KEY = "another-secret-key-that-signs-nothing-of-value-0123456"
    assert stored != keys.key_hash(contact.pk, "Email", key)


def test_v2_expired_keys_are_forgotten(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    assert keys_purge() == 0

    let_keys_age(minutes=10)
    channel_keys_purge_task.apply().get()

    assert PendingChannel.objects.get().key_hash is None
    assert pending(contact) == NEW
    assert keys_purge() == 0
