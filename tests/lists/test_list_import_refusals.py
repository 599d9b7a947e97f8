"""Entries and files that are refused on import, with line and reason."""

import json

import pytest
from django.utils.translation import override

from lists.exceptions import ListFileInvalid
from lists.importing.plan import Action, Entry
from lists.models import ListImport
from lists.services import import_entries, list_import_confirm, list_import_get
from tests.factories.effort import calls_of
from tests.factories.lists import list_revisions
from tests.lists.import_files import prepare, reasons, stored

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("red,Red,,,,", "key: A capital letter"),
        ("TRUE,True,,,,", "key: TRUE and FALSE"),
        (",Red,,,,", "key: This field cannot be blank."),
        ("NEW,,,,,", "labels: "),
        ("RED,,,,,", "labels: "),
        (f"NEW,{'x' * 251},,,,", "labels: A label has at most 250"),
        ("NEW,a\x07b,,,,", "labels: Each label is a text"),
        ("NEW,New,NONE,,,", "There is no item like the parent."),
        ("NEW,New,:RED:,,,", "There is no item like the parent."),
        ("RED,Red,RED,,,", "The item would be its own ancestor."),
        ("RED,Red,PINK,,,", "The item would be its own ancestor."),
        ("NEW,New,NEW,,,", "The item would be its own ancestor."),
        ("NEW,New,,-1,,", "The position is not"),
        ("NEW,New,,1.5,,", "The position is not"),
        ("NEW,New,,1e400,,", "The position is not"),
        ("NEW,New,,9999999999,,", "The position is not"),
        ("NEW,New,,,maybe,", "“is_active” is neither"),
        ("NEW,New,,,,{", "The custom attributes are not valid JSON."),
        ('NEW,New,,,,"{""a"": 1, ""a"": 2}"', "The custom attributes are not valid JSON."),
        ("NEW,New,,,,[1]", "custom_attributes: Custom attributes are a JSON object."),
        ("NEW,New", "The line does not have as many cells"),
        ("NEW,New,,,,,,", "The line does not have as many cells"),
    ],
)
def test_an_entry_is_refused_with_line_and_reason(actor, colours, make_item, line, reason):
    red = make_item(colours, "RED")
    make_item(colours, "PINK", parent_id=red.pk)
    before = stored(colours), list_revisions(["colours"])
    header = "key,label.en,parent,position,is_active,custom_attributes\n"
    file = f"{header}GOOD,Good,,,,\n{line}\n"

    import_id = prepare(actor, colours, file)

    entries = import_entries(list_import_get(actor=actor, import_id=import_id))
    refused = [entry for entry in entries if entry.action is Action.REFUSE]
    assert [entry.line for entry in refused] == [3]
    assert str(refused[0].reason).startswith(reason)
    with pytest.raises(ListFileInvalid):
        list_import_confirm(actor=actor, import_id=import_id)
    assert (stored(colours), list_revisions(["colours"])) == before


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("RED", "The entry is no object"),
        ({"labels": {"en": "A"}}, "The entry is no object"),
        ({"key": 1}, "The entry is no object"),
        ({"key": "A", "label": "A"}, "The entry has a member"),
        ({"key": "A", "labels": "A"}, "The labels are no texts"),
        ({"key": "A", "labels": {"en": 1}}, "The labels are no texts"),
        ({"key": "A", "labels": {"en": "A"}, "parent": 1}, "The parent is no text"),
        ({"key": "A", "labels": {"en": "A"}, "position": True}, "The position is not"),
        ({"key": "A", "labels": {"en": "A"}, "position": -1}, "The position is not"),
        ({"key": "A", "labels": {"en": "A"}, "isActive": 1}, "“isActive” is neither"),
        ({"key": "A", "labels": {"en": "A"}, "customAttributes": []}, "The custom attributes"),
        ({"key": "A", "labels": {"EN": "A", "en": "A"}}, "labels: Languages are tags"),
    ],
)
def test_an_entry_of_json_is_refused_by_its_number(actor, colours, entry, reason):
    file = json.dumps([{"key": "GOOD", "labels": {"en": "Good"}}, entry])

    ((line, text),) = reasons(actor, colours, file)

    assert line == 2
    assert text.startswith(reason)


def test_what_hangs_below_a_refused_entry_is_refused(actor, colours, make_item):
    make_item(colours, "RED")
    file = "key,label.en,parent\nA,,\nB,B,A\nC,C,B\nD,D,RED\nD,Again,\nX,X,Y\nY,Y,X\nZ,Z,X\n"

    assert [line for line, _reason in reasons(actor, colours, file)] == [2, 3, 4, 6, 7, 8, 9]


def test_what_hangs_below_a_key_that_is_too_long_is_refused(actor, colours):
    """The key is cut where it is shown; its start can be another item of the file."""
    long = "K" * 65
    file = f"key,label.en,parent\n{long[:64]},Good,\n{long},Long,\nB,B,{long}\nC,C,{long[:64]}\n"

    (line, reason), orphan = reasons(actor, colours, file)

    assert (line, reason.partition(":")[0]) == (3, "key")
    assert orphan == (4, "There is no item like the parent.")


@pytest.mark.parametrize("end", ["", "NONE", "K0", "K1999"])
@pytest.mark.parametrize("step", [1, -1])
def test_a_long_chain_of_parents_costs_what_other_files_cost(actor, colours, end, step):
    def cost(parents: list[str]) -> int:
        rows = [f"K{place},X,{parent}\n" for place, parent in enumerate(parents)][::step]
        import_id = prepare(actor, colours, "key,label.en,parent\n" + "".join(rows))
        prepared = list_import_get(actor=actor, import_id=import_id)
        return calls_of(lambda: entries.append(import_entries(prepared)))

    entries: list[list[Entry]] = []
    chain = [*(f"K{place + 1}" for place in range(1_999)), end]

    assert cost(chain) < 1.5 * cost(["K0"] * 2_000)
    refused = [entry.line for entry in entries[0] if entry.action is Action.REFUSE]
    # Only what closes a circle is refused for it, and the rest for hanging below that.
    assert len(refused) == (0 if end == "" else 2_000)


def test_a_circle_through_another_list_is_refused(actor, colours, shades, make_item):
    red = make_item(colours, "RED")
    dark = make_item(shades, "DARK", parent_id=red.pk)
    make_item(colours, "PINK", parent_id=dark.pk)

    assert reasons(actor, colours, "key,parent\nRED,PINK\n") == [
        (2, "The item would be its own ancestor.")
    ]
    assert reasons(actor, colours, "key,parent\nRED,\nPINK,RED\n") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The first line names no column"),
        (b"   \n", "The first line names no column"),
        (b"a,b\nc,d\n", "The first line names no column"),
        (b"key,colour\nA,red\n", "Column 2 has no name"),
        (b"key,label.\nA,red\n", "Column 2 has no name"),
        (b"key,parent,key\nA,,B\n", "Column 3 is there twice"),
        (b"key\n", "The file holds no items"),
        (b"key\n\n \n", "The file holds no items"),
        (b'key\n"A\n', "Line 2 is no CSV"),
        (b"key,label.en\nA,\xfc\n", "The file is not UTF-8 (line 2)"),
        ("key\nA\n".encode("utf-16"), "The file is not UTF-8 (line 1). Save it as “CSV UTF-8”."),
        (b"key\nA\x00\n", "The file holds a NUL"),
        (b"PK\x03\x04\x00\x00", "The file holds a NUL"),
        (b"[", "The file is not valid JSON (line 1, column 2)"),
        (b"[]", "The file holds no items"),
        (b"{}", "The file is neither an array"),
        (b'{"items": {}}', "The file is neither an array"),
        (b'[{"key": "A", "key": "B"}]', "The JSON is nested too deep, names a member twice"),
        (b'[{"key": "A", "position": 1e400}]', "The file is not valid JSON"),
        (b"[" * 40 + b"]" * 40, "The JSON is nested"),
        (b"key\n" + b"A\n" * 20_001, "The file holds more than 20000 items"),
        (b"[" + b"1," * 20_000 + b"1]", "The file holds more than 20000 items"),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(actor, colours, data, message):
    with pytest.raises(ListFileInvalid) as refusal:
        prepare(actor, colours, data)

    assert refusal.value.message.startswith(message)
    assert not ListImport.objects.exists()


def test_one_row_more_than_a_csv_field_may_hold_is_no_csv(actor, colours):
    with pytest.raises(ListFileInvalid):
        prepare(actor, colours, 'key,label.en\nA,"' + "x" * 200_000 + '"\n')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"key,label.en\nA,\xfc\n", "Die Datei ist nicht in UTF-8 (Zeile 2)"),
        (b'key\n"A\n', "Zeile 2 ist kein CSV."),
        (b"key,colour\nA,red\n", "Spalte 2 hat keinen bekannten Namen."),
        (b"key,parent,key\nA,,B\n", "Spalte 3 kommt zweimal vor."),
        (b"[", "Die Datei ist kein gültiges JSON (Zeile 1, Spalte 2)."),
        (b"[" * 40 + b"]" * 40, "Das JSON ist zu tief verschachtelt"),
        (b"key\n" + b"A\n" * 20_001, "Die Datei enthält mehr als 20000 Einträge."),
    ],
)
def test_a_refused_file_says_why_in_the_language_of_the_page(actor, colours, data, message):
    with override("de"), pytest.raises(ListFileInvalid) as refusal:
        prepare(actor, colours, data)

    assert refusal.value.message.startswith(message)


def test_a_refused_entry_says_why_in_the_language_of_the_page(actor, colours):
    with override("fr"):
        found = reasons(actor, colours, "key,label.en\nred,Red\nTRUE,True\n")

    assert found == [
        (
            2,
            "key: Une majuscule, puis jusqu’à 63 caractères parmi A-Z, 0-9, tiret bas, point et "
            "trait d’union.",
        ),
        (3, "key: TRUE et FALSE ne peuvent pas être des clés."),
    ]
