"""Items from a file: what it would do, then doing it."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.common.actors import Actor
from config.common.models import AuditEvent
from lists.exceptions import ListChanged, ListImportNotFound, ListNotFound
from lists.importing.decode import decode
from lists.importing.plan import Action
from lists.models import ListImport
from lists.selectors import Lookup, list_items_lookup
from lists.services import (
    list_import_confirm,
    list_import_discard,
    list_import_get,
    list_import_prepare,
    list_import_renew,
)
from tests.factories.lists import list_revisions
from tests.lists.import_files import planned, prepare, reasons, stored

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


@pytest.mark.parametrize(
    ("yes", "no"),
    [("true", "false"), ("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("VERO", "FALSO"), ("ja", "Nein")],
)
def test_a_file_may_say_what_is_active_in_the_words_of_a_spreadsheet(
    actor, colours, make_item, yes, no
):
    """It turns the `true` of an export into the word of its user's language."""
    for key in ("RED", "BLUE"):
        make_item(colours, key)

    import_id = prepare(actor, colours, f"key;is_active\r\nRED;{yes}\r\nBLUE;{no}\r\n")

    assert planned(actor, import_id) == [(2, "RED", "keep"), (3, "BLUE", "change")]


def test_a_csv_file_adds_changes_and_keeps(actor, colours, make_item):
    make_item(colours, "RED", labels={"en": "Red", "it": "Rosso"}, custom_attributes={"a": 1})
    make_item(colours, "BLUE")
    before = list_revisions(["colours"])["colours"]
    file = (
        "key;label.en;label.de;parent;position;is_active;custom_attributes\r\n"
        'RED;Ruby;Rubin;;4;no;"{""rgb"": [255, 0, 0]}"\r\n'
        "BLUE;Blue;;;1;true;\r\n"
        "\r\n"
        "PINK;Pink;Rosa;RED;;;\r\n"
        'ROSE;"Rose\r\nline";;PINK;;;\r\n'
        "SKY;Sky;;BLUE;;;\r\n"
    )

    file = file.replace('"Rose\r\nline"', "Rose")
    import_id = prepare(actor, colours, file)

    assert planned(actor, import_id) == [
        (2, "RED", "change"),
        (3, "BLUE", "keep"),
        (5, "PINK", "add"),
        (6, "ROSE", "add"),
        (7, "SKY", "add"),
    ]
    assert set(stored(colours)) == {"RED", "BLUE"}
    assert list_import_confirm(actor=actor, import_id=import_id) == {
        Action.ADD: 3,
        Action.CHANGE: 1,
        Action.KEEP: 1,
        Action.REFUSE: 0,
    }

    rgb = {"rgb": [255, 0, 0]}
    assert stored(colours) == {
        "RED": ({"en": "Ruby", "de": "Rubin", "it": "Rosso"}, None, 4, False, rgb),
        "BLUE": ({"en": "Blue"}, None, 1, True, None),
        "PINK": ({"en": "Pink", "de": "Rosa"}, "RED", 2, True, None),
        "ROSE": ({"en": "Rose"}, "PINK", 3, True, None),
        "SKY": ({"en": "Sky"}, "BLUE", 4, True, None),
    }
    assert list_revisions(["colours"])["colours"] > before
    event = AuditEvent.objects.get(operation="list_import")
    assert (event.member_id, event.object_type, event.object_id, event.fields) == (
        actor.member_id,
        "list",
        str(colours.pk),
        ["items"],
    )
    found = list_items_lookup(list_key="colours", lookup=Lookup(text="rosa"), language="de")
    assert [item.key for item in found.items] == ["PINK"]
    assert not ListImport.objects.exists()


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_json_file_says_what_it_means(actor, colours, make_item, wrapped):
    red = make_item(colours, "RED", labels={"en": "Red", "de": "Rot"}, custom_attributes={"a": 1})
    make_item(colours, "PINK", parent_id=red.pk)
    entries = [
        {"key": "RED", "labels": {"de": None, "fr": "Rouge"}, "customAttributes": None},
        {"key": "PINK", "parent": None, "position": None, "isActive": False, "labels": None},
        {"key": "BLUE", "labels": {"en": "Blue"}, "customAttributes": {"b": [1]}, "position": 9},
    ]
    file = json.dumps({"items": entries} if wrapped else entries)

    list_import_confirm(actor=actor, import_id=prepare(actor, colours, f" \n{file}"))

    assert stored(colours) == {
        "RED": ({"en": "Red", "fr": "Rouge"}, None, 0, True, None),
        "PINK": ({"en": "Pink"}, None, 1, False, None),
        "BLUE": ({"en": "Blue"}, None, 9, True, {"b": [1]}),
    }


def test_what_a_file_does_not_say_stays(actor, colours, make_item):
    red = make_item(colours, "RED", labels={"en": "Red", "de": "Rot"}, custom_attributes={"a": 1})
    make_item(colours, "PINK", parent_id=red.pk, position=7, custom_attributes={"b": True})
    before = stored(colours)

    import_id = prepare(actor, colours, "key\nRED\nPINK\n")

    assert planned(actor, import_id) == [(2, "RED", "keep"), (3, "PINK", "keep")]
    revision = list_revisions(["colours"])
    list_import_confirm(actor=actor, import_id=import_id)
    assert (stored(colours), list_revisions(["colours"])) == (before, revision)
    assert not AuditEvent.objects.filter(operation="list_import").exists()


def test_parents_may_be_of_another_list(actor, colours, shades, make_item):
    make_item(colours, "RED")
    file = "key,label.en,parent\nDARK,Dark,colours:RED\nDEEP,Deep,shades:DARK\nBAD,Bad,other:RED\n"

    assert reasons(actor, shades, file) == [(4, "There is no item like the parent.")]
    good = file.rpartition("BAD")[0]
    list_import_confirm(actor=actor, import_id=prepare(actor, shades, good))

    assert {key: values[1] for key, values in stored(shades).items()} == {
        "DARK": "RED",
        "DEEP": "DARK",
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_separators_are_understood(actor, colours, separator):
    file = f"\ufeffkey{separator}label.en\r\nRED{separator}Red\r\n".encode()

    list_import_confirm(actor=actor, import_id=prepare(actor, colours, file))

    assert stored(colours)["RED"][0] == {"en": "Red"}


def test_lines_are_counted_as_in_the_file():
    decoded = decode(b'key,label.en\n"A","x\ny"\nB,b\n\n\nC,c\n')

    assert [row.line for row in decoded.rows] == [2, 4, 7]


# --- Between preview and confirmation ----------------------------------------------------------
def test_what_happens_is_what_was_shown(actor, colours, make_item):
    import_id = prepare(actor, colours, "key,label.en\nRED,Red\n")
    make_item(colours, "RED", labels={"en": "Ruby"})

    with pytest.raises(ListChanged):
        list_import_confirm(actor=actor, import_id=import_id)
    assert stored(colours)["RED"][0] == {"en": "Ruby"}

    list_import_renew(actor=actor, import_id=import_id)
    assert planned(actor, import_id) == [(2, "RED", "change")]
    list_import_confirm(actor=actor, import_id=import_id)
    assert stored(colours)["RED"][0] == {"en": "Red"}


def test_confirming_twice_does_it_once(actor, colours):
    import_id = prepare(actor, colours, "key,label.en\nRED,Red\n")

    list_import_confirm(actor=actor, import_id=import_id)
    with pytest.raises(ListImportNotFound):
        list_import_confirm(actor=actor, import_id=import_id)

    assert AuditEvent.objects.filter(operation="list_import").count() == 1


def test_what_somebody_else_prepared_does_not_exist(actor, colours):
    import_id = prepare(actor, colours, "key,label.en\nRED,Red\n")
    other = Actor(member_id=get_user_model().objects.create_user("rita").pk)

    for stranger in (other, Actor()):
        list_import_discard(actor=stranger, import_id=import_id)
        for call in (list_import_get, list_import_confirm, list_import_renew):
            with pytest.raises(ListImportNotFound):
                call(actor=stranger, import_id=import_id)
    assert stored(colours) == {}
    list_import_discard(actor=actor, import_id=import_id)
    assert not ListImport.objects.exists()


def test_what_is_never_confirmed_is_forgotten_after_a_day(actor, colours):
    old = prepare(actor, colours, "key,label.en\nRED,Red\n")
    ListImport.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))

    with pytest.raises(ListImportNotFound):
        list_import_confirm(actor=actor, import_id=old)
    new = prepare(actor, colours, "key,label.en\nRED,Red\n")

    assert list(ListImport.objects.values_list("pk", flat=True)) == [new]


def test_an_unknown_list_takes_no_file(actor):
    with pytest.raises(ListNotFound):
        list_import_prepare(actor=actor, list_id=1_000_000, data=b"key\nA\n")


@pytest.mark.parametrize("size", [1, 60])
def test_the_statements_of_an_import_do_not_grow(actor, colours, make_item, size):
    for number in range(size):
        make_item(colours, f"OLD{number}")
    rows = [f"OLD{number},Older {number},\nNEW{number},New,OLD{number}" for number in range(size)]
    import_id = prepare(actor, colours, "\n".join(["key,label.en,parent", *rows]))

    with CaptureQueriesContext(connection) as captured:
        list_import_confirm(actor=actor, import_id=import_id)

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 11
