"""The pages of the back office that import and export items."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lists.models import List, ListImport
from tests.lists.import_files import prepare, stored

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


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
    german = staff.get(preview, headers={"accept-language": "de"}).text
    for text, labels in ((page.text, "Labels"), (german, "Bezeichnungen")):
        assert f'<td class="bo-mono">RED</td><td>Ruby</td><td>{labels}</td>' in text
        assert '<td class="bo-mono">PINK</td><td>Pink</td>' in text
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
