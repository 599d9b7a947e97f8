"""Items from a file: what it would do, then doing it; and the way back to a file."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.common.actors import Actor
from config.common.models import AuditEvent
from lists.exceptions import ListChanged, ListFileInvalid, ListImportNotFound, ListNotFound
from lists.importing.decode import decode
from lists.importing.formulas import neutralised, restored
from lists.importing.plan import Action
from lists.models import List, ListImport, ListItem
from lists.selectors import Lookup, list_csv, list_items_lookup
from lists.services import (
    import_entries,
    list_import_confirm,
    list_import_discard,
    list_import_get,
    list_import_prepare,
    list_import_renew,
)
from tests.factories.lists import list_revisions

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


@pytest.fixture
def member(db: None):
    return get_user_model().objects.create_user("petra", is_staff=True)


@pytest.fixture
def actor(member) -> Actor:
    return Actor(member_id=member.pk)


def prepare(actor: Actor, target: List, data: bytes | str) -> uuid.UUID:
    text = data.encode() if isinstance(data, str) else data
    return list_import_prepare(actor=actor, list_id=target.pk, data=text)


def planned(actor: Actor, import_id: uuid.UUID) -> list[tuple[int, str, str]]:
    entries = import_entries(list_import_get(actor=actor, import_id=import_id))
    return [(entry.line, entry.key, entry.action.value) for entry in entries]


def reasons(actor: Actor, target: List, data: bytes | str) -> list[tuple[int, str]]:
    """The entries that are refused, with why."""
    prepared = list_import_get(actor=actor, import_id=prepare(actor, target, data))
    entries = import_entries(prepared)
    return [(entry.line, str(entry.reason)) for entry in entries if entry.action is Action.REFUSE]


def stored(target: List) -> dict[str, tuple[object, ...]]:
    items = ListItem.objects.filter(list=target).select_related("parent")
    return {
        item.key: (
            item.labels,
            item.parent and item.parent.key,
            item.position,
            item.is_active,
            item.custom_attributes,
        )
        for item in items
    }


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
        ("key\nA\n".encode("utf-16"), "The file is not UTF-8 (line 1)"),
        (b"key\nA\x00\n", "The file holds a NUL"),
        (b"PK\x03\x04\x00\x00", "The file holds a NUL"),
        (b"[", "The body is not valid JSON"),
        (b"[]", "The file holds no items"),
        (b"{}", "The file is neither an array"),
        (b'{"items": {}}', "The file is neither an array"),
        (b'[{"key": "A", "key": "B"}]', "The request is not valid"),
        (b'[{"key": "A", "position": 1e400}]', "The body is not valid JSON"),
        (b"[" * 40 + b"]" * 40, "The body is nested"),
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


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_separators_are_understood(actor, colours, separator):
    file = f"\ufeffkey{separator}label.en\r\nRED{separator}Red\r\n".encode()

    list_import_confirm(actor=actor, import_id=prepare(actor, colours, file))

    assert stored(colours)["RED"][0] == {"en": "Red"}


def test_lines_are_counted_as_in_the_file():
    decoded = decode(b'key,label.en\n"A","x\ny"\nB,b\n\n\nC,c\n')

    assert [row.line for row in decoded.rows] == [2, 4, 7]


# --- Between preview and confirmation --------------------------------------------------------


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


# --- Export ----------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+41 44", "-1", "@cmd", "＝1", "＠x", "'=1", "''@x", "'quoted", "a=b"]  # noqa: RUF001


@pytest.mark.parametrize("text", [*FORMULAS, "", "'", "Red", "\tx", "\rx"])
def test_e2_neutralised_cells_come_back_as_they_were(text):
    cell = neutralised(text)

    assert restored(cell) == text
    assert cell[:1] not in tuple("=+-@＝＋－＠\t\r")  # noqa: RUF001


def test_an_export_comes_back_without_a_change(actor, colours, shades, make_item):
    red = make_item(
        colours, "RED", labels={"en": "Red", "it": 'Ro"sso'}, custom_attributes={"a": "é"}
    )
    make_item(colours, "PINK", parent_id=red.pk, position=9)
    dark = make_item(shades, "DARK")
    make_item(colours, "SUB", parent_id=dark.pk)
    for number, text in enumerate(FORMULAS):
        make_item(colours, f"F{number}", labels={"en": text, "de": "a;b,c"})
    ListItem.objects.filter(key="PINK").update(is_active=False)

    text = "".join(list_csv(List.objects.get(key="colours")))

    lines = text.split("\r\n")
    assert lines[0] == (
        "\ufeffkey,label.en,label.de,label.fr,label.it,parent,position,is_active,custom_attributes"
    )
    assert lines[1] == 'RED,Red,,,"Ro""sso",,0,true,"{""a"": ""é""}"'
    assert "PINK,Pink,,,,RED,9,false," in lines
    assert "SUB,Sub,,,,shades:DARK,10,true," in lines
    assert 'F0,\'=1+1,"a;b,c",,,,11,true,' in lines
    assert {action for _line, _key, action in planned(actor, prepare(actor, colours, text))} == {
        "keep"
    }


@pytest.mark.parametrize("size", [1, 30])
def test_the_statements_of_an_export_do_not_grow(colours, make_item, size):
    for number in range(size):
        make_item(colours, f"C{number}")

    with CaptureQueriesContext(connection) as captured:
        "".join(list_csv(colours))

    assert len(captured) == 2


# --- Pages -----------------------------------------------------------------------------------


@pytest.fixture
def staff(client: Client, member) -> Client:
    codenames = ["view_list", "view_listitem", "add_listitem", "change_listitem"]
    member.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(member)
    return client


def address(target: List, route: str = "import/") -> str:
    return f"/admin/lists/list/{target.pk}/items/{route}"


def upload(staff: Client, target: List, data: bytes, name: str = "items.csv"):
    return staff.post(address(target), {"file": SimpleUploadedFile(name, data)})


def test_a_file_is_seen_then_taken_over(staff, colours, make_item):
    make_item(colours, "RED")
    assert staff.get(address(colours)).status_code == 200

    preview = upload(staff, colours, b"key,label.en,parent\nRED,Ruby,\nPINK,Pink,RED\n").url
    page = staff.get(preview)

    counts = {group["key"]: group["count"] for group in page.context["groups"]}
    assert counts == {"refuse": 0, "add": 1, "change": 1, "keep": 0}
    assert "labels" in page.content.decode()
    assert set(stored(colours)) == {"RED"}
    answer = staff.post(preview, {"confirm": ""}, follow=True)
    assert "Items added: 1, changed: 1, unchanged: 0." in answer.content.decode()
    assert set(stored(colours)) == {"RED", "PINK"}
    assert staff.get(preview).status_code == 404


def test_a_refused_entry_leaves_nothing_to_confirm(staff, colours):
    preview = upload(staff, colours, b"key,label.en\nred,Red\nGOOD,Good\n").url

    page = staff.get(preview)
    assert page.context["can_confirm"] is False
    assert "A capital letter" in page.content.decode()
    assert staff.post(preview, {"confirm": ""}).status_code == 409
    assert stored(colours) == {}


def test_a_stale_preview_is_looked_at_again(staff, colours, make_item):
    preview = upload(staff, colours, b"key,label.en\nRED,Red\n").url
    make_item(colours, "BLUE")

    assert staff.get(preview).context["is_stale"] is True
    assert staff.post(preview, {"confirm": ""}).status_code == 409
    assert staff.post(preview, {"renew": ""}).url == preview
    assert staff.get(preview).context["can_confirm"] is True


def test_a_preview_is_discarded(staff, colours):
    preview = upload(staff, colours, b"key,label.en\nRED,Red\n").url

    assert staff.post(preview, {"discard": ""}).url == address(colours, "")
    assert not ListImport.objects.exists()


def test_a_preview_shows_the_first_of_many(staff, colours):
    rows = b"".join(b"K%d,Label\n" % number for number in range(250))

    page = staff.get(upload(staff, colours, b"key,label.en\n" + rows).url)

    added = next(group for group in page.context["groups"] if group["key"] == "add")
    assert (added["count"], len(added["entries"]), added["more"]) == (250, 200, 50)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04\x00", "The file holds a NUL character."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_shows_why(staff, colours, data, message):
    answer = upload(staff, colours, data, name="../../<b>items</b>.csv")

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert "<b>items" not in answer.content.decode()
    assert not ListImport.objects.exists()


def test_no_file_shows_an_error(staff, colours):
    answer = staff.post(address(colours), {"x": "1"})

    assert answer.context["form"].errors["file"]


def test_what_a_file_holds_is_text_on_the_page(staff, colours):
    data = b'key,label.en\n<script>,x\nRED,"<img src=x onerror=alert(1)>"\n'

    page = staff.get(upload(staff, colours, data).url).content.decode()

    assert "<script>," not in page
    assert "<img src=x" not in page


def test_a_list_is_exported(staff, colours, make_item):
    make_item(colours, "RED")

    answer = staff.get(address(colours, "export/"))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="colours.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"RED,Red,,,,0,true,\r\n" in b"".join(answer.streaming_content)


@pytest.mark.parametrize("missing", ["add_listitem", "change_listitem"])
def test_who_may_not_edit_imports_nothing(client, member, colours, actor, missing):
    import_id = prepare(actor, colours, "key,label.en\nRED,Red\n")
    codenames = {"view_list", "view_listitem", "add_listitem", "change_listitem"} - {missing}
    member.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(member)

    assert client.get(address(colours)).status_code == 403
    assert client.post(address(colours, f"import/{import_id}/"), {"confirm": ""}).status_code == 403
    assert client.get(address(colours, "export/")).status_code == 200
    assert stored(colours) == {}
