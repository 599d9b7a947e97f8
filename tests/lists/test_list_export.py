"""Items as a file, which comes back as it went (E2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lists.importing.formulas import neutralised, restored
from lists.models import List, ListItem
from lists.selectors import list_csv
from tests.lists.import_files import planned, prepare

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]

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
