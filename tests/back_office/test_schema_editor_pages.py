"""What the schema editor asks of the server: permissions, verdicts, checks, saving, versions."""

import json

import pytest
from django.test import Client

from config.common.admin import json_page
from config.common.exceptions import DomainError
from contacts.models import Member
from crmschema.compiler import canonical
from crmschema.models import CrmSchema, CrmSchemaVersion, SchemaCheck
from crmschema.services import schema_check_run, schema_save
from tests.back_office.conftest import SignIn, grant
from tests.factories.contacts import make_member
from tests.factories.fixtures import World

Draft = dict


@pytest.fixture
def schema(world: World) -> CrmSchema:
    return CrmSchema.objects.get(key="tiny")


@pytest.fixture
def eva(world: World) -> Member:
    """May change schemas."""
    member = make_member("eva", permissions=(), first_name="Eva")
    grant(member, "change_crmschema", "view_crmschema")
    return member


@pytest.fixture
def browser_of_eva(eva: Member, sign_in: SignIn) -> Client:
    return sign_in(eva)


def url(schema: CrmSchema, rest: str = "") -> str:
    return f"/admin/crmschema/crmschema/{schema.pk}/editor/{rest}"


def draft_of(schema: CrmSchema) -> Draft:
    return json.loads(schema.schema)


def field(draft: Draft, key: str) -> Draft:
    """A component by its key, wherever it stands."""
    rest = list(draft["components"])
    while rest:
        component = rest.pop()
        if component["key"] == key:
            return component
        rest.extend(component.get("components", []))
    raise KeyError(key)


def post(client: Client, address: str, **body: object):
    return client.post(address, json.dumps(body), content_type="application/json")


def save(client: Client, schema: CrmSchema, draft: Draft, token: int = 1, **more: object):
    sent = {"schema": json.dumps(draft), "concurrencyToken": token, **more}
    return post(client, url(schema, "save/"), **sent)


def test_a1_the_editor_is_for_those_who_may_change_schemas(world, schema, sign_in, anna):
    grant(world.anna, "view_crmschema")
    anna = sign_in(world.anna)

    assert anna.get(url(schema)).status_code == 403
    for rest in ("judge/", "save/", "check/"):
        assert post(anna, url(schema, rest), schema="{}", concurrencyToken=1).status_code == 403
    assert anna.get(url(schema, "items/?list=colours")).status_code == 403
    assert anna.get(url(schema, "versions/1/")).status_code == 403
    assert anna.get(f"/admin/crmschema/crmschema/{schema.pk}/versions/").status_code == 200
    page = anna.get(f"/admin/crmschema/crmschema/{schema.pk}/change/").content.decode()
    assert "Edit the schema" not in page
    schema.refresh_from_db()
    assert schema.concurrency_token == 1


def test_versions_are_for_those_who_may_see_schemas(schema, anna):
    assert anna.get(f"/admin/crmschema/crmschema/{schema.pk}/versions/").status_code == 403


def test_ad01_saving_takes_a_post_with_a_token(schema, eva, sign_in):
    strict = sign_in(eva, enforce_csrf_checks=True)

    assert strict.get(url(schema, "save/")).status_code == 405
    assert save(strict, schema, draft_of(schema)).status_code == 403
    schema.refresh_from_db()
    assert schema.concurrency_token == 1


def test_an_unknown_schema_is_not_found(schema, browser_of_eva):
    missing = CrmSchema(pk=schema.pk + 1000)

    assert browser_of_eva.get(url(missing)).status_code == 404
    answer = post(browser_of_eva, url(missing, "judge/"), schema="{}", language="en")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


def test_ad03_the_page_evaluates_nothing_and_holds_what_the_scripts_need(schema, browser_of_eva):
    answer = browser_of_eva.get(url(schema))

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe-eval" not in policy
    data = answer.context["editor"]
    assert (data["key"], data["token"], data["draft"]) == ("tiny", 1, schema.schema)
    assert {"key": "colours", "label": "colours", "count": 3} in data["lists"]
    assert data["aliases"]["DateOfBirth"] == "Date"
    page = browser_of_eva.get(f"/admin/crmschema/crmschema/{schema.pk}/change/").content.decode()
    assert url(schema) in page


def test_sc19_texts_cannot_leave_the_data_of_the_page(schema, browser_of_eva):
    schema.schema = schema.schema.replace('"label":"', '"label":"</script><img src=x>', 1)
    schema.save()

    page = browser_of_eva.get(url(schema)).content.decode()

    assert "</script><img" not in page
    assert "\\u003C/script\\u003E\\u003Cimg" in page


def test_a_draft_is_judged_without_being_saved(schema, browser_of_eva):
    draft = draft_of(schema)
    draft["components"].append({"type": "number", "key": "shoeSize", "label": "Shoe size"})
    sent = {"schema": json.dumps(draft), "language": "de"}

    verdict = post(browser_of_eva, url(schema, "judge/"), **sent).json()

    assert verdict["errors"] == []
    assert verdict["fields"][-1]["key"] == "shoeSize"
    assert verdict["changes"] == [
        {"text": "Field Shoe size: added", "path": "shoeSize", "effect": "Compatible"}
    ]
    assert json.loads(verdict["schema"])["components"][-1]["crm"]["uid"]
    schema.refresh_from_db()
    assert schema.concurrency_token == 1


def test_s4_a_verdict_says_whether_names_and_filters_of_what_is_stored_follow(
    schema, browser_of_eva
):
    draft = draft_of(schema)

    def rebuilds() -> bool:
        sent = post(browser_of_eva, url(schema, "judge/"), schema=json.dumps(draft))
        return sent.json()["rebuilds"]

    field(draft, "nickname")["label"] = "Called"
    assert rebuilds() is False
    field(draft, "nickname").setdefault("crm", {})["isFilterable"] = True
    assert rebuilds() is True


def test_s3_a_bad_draft_is_told_its_problems(schema, browser_of_eva):
    draft = draft_of(schema)
    draft["components"].append({"type": "textfield", "key": "1st", "label": "First"})
    place = f"components[{len(draft['components']) - 1}]"

    verdict = post(browser_of_eva, url(schema, "judge/"), schema=json.dumps(draft)).json()

    assert [(each["path"], each["code"]) for each in verdict["errors"]] == [(place, "KeyInvalid")]
    assert verdict["schema"] == ""
    assert verdict["fields"] == verdict["changes"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"{", 400),
        (b'{"schema": 7}', 400),
        (b'{"schema": "{}", "schema": "{}"}', 400),
        (b'{"schema": "' + b" " * (4 * 1024 * 1024) + b'"}', 413),
    ],
)
def test_f3_what_is_no_draft_is_refused(schema, browser_of_eva, body, status):
    for rest in ("judge/", "save/", "check/"):
        answer = browser_of_eva.post(url(schema, rest), body, content_type="application/json")
        assert answer.status_code == status
        assert answer.json()["code"] in ("BadRequest", "PayloadTooLarge")
    schema.refresh_from_db()
    assert schema.concurrency_token == 1


@pytest.mark.parametrize(
    "more",
    [
        {"concurrencyToken": "1"},
        {"concurrencyToken": True},
        {"acceptedCheck": "x"},
        {"acceptedCheck": 7},
    ],
)
def test_a_save_names_its_token_and_its_check_properly(schema, browser_of_eva, more):
    sent = {"schema": schema.schema, "concurrencyToken": 1, **more}

    assert post(browser_of_eva, url(schema, "save/"), **sent).status_code == 400
    schema.refresh_from_db()
    assert schema.concurrency_token == 1


def test_s2_a_save_is_a_version_of_its_author(schema, browser_of_eva, eva):
    draft = draft_of(schema)
    draft["components"].append({"type": "textfield", "key": "motto", "label": "Motto"})

    answer = save(browser_of_eva, schema, draft)

    schema.refresh_from_db()
    assert answer.json() == {"concurrencyToken": 2, "schema": schema.schema}
    assert CrmSchemaVersion.objects.get(crm_schema=schema, token=2).member == eva


def test_s2_a_stale_save_is_refused_and_shown_what_the_other_changed(schema, browser_of_eva, world):
    theirs = draft_of(schema)
    theirs["components"].append({"type": "textfield", "key": "motto", "label": "Motto"})
    actor = world.actor(world.petra)
    schema_save(actor=actor, key="tiny", schema=json.dumps(theirs), concurrency_token=1)

    answer = save(browser_of_eva, schema, draft_of(schema))
    version = browser_of_eva.get(url(schema, "versions/2/?since=1")).json()

    assert answer.status_code == 409
    assert answer.json()["subCode"] == "ConcurrencyConflict"
    assert answer.json()["properties"] == {"concurrencyToken": 2}
    assert version["savedBy"] == world.petra.name
    assert version["concurrencyToken"] == 2
    assert [change["text"] for change in version["changes"]] == ["Field Motto: added"]
    assert canonical(version["schema"])["components"][-1]["key"] == "motto"
    assert browser_of_eva.get(url(schema, "versions/2/")).json()["changes"] == []
    assert browser_of_eva.get(url(schema, "versions/3/")).status_code == 404


def test_s4_what_breaks_stored_details_needs_a_check_that_was_accepted(
    schema, browser_of_eva, world
):
    contact = world.contact()
    draft = draft_of(schema)
    new = {"type": "textfield", "key": "motto", "label": "Motto", "validate": {"required": True}}
    draft["components"].append(new)

    refused = save(browser_of_eva, schema, draft)
    started = post(
        browser_of_eva, url(schema, "check/"), schema=json.dumps(draft), concurrencyToken=1
    ).json()
    address = url(schema, f"check/{started['checkId']}/")
    waiting = browser_of_eva.get(address).json()
    early = save(browser_of_eva, schema, draft, acceptedCheck=started["checkId"])
    schema_check_run(check_id=SchemaCheck.objects.get().pk)
    found = browser_of_eva.get(address).json()

    assert (refused.status_code, refused.json()["subCode"]) == (409, "BreakingChange")
    assert (waiting["status"], waiting["findings"]) == ("Queued", [])
    assert (early.status_code, early.json()["subCode"]) == (409, "CheckNotFinished")
    assert (found["status"], found["isBreaking"], found["isRefused"]) == ("Finished", True, False)
    assert found["findings"] == [
        {"kind": "contact", "path": "motto", "rule": "Required", "count": 1, "ids": [contact.pk]}
    ]
    assert found["requests"] == {"superseded": [], "affected": []}
    schema.refresh_from_db()
    assert schema.concurrency_token == 1
    accepted = save(browser_of_eva, schema, draft, acceptedCheck=started["checkId"])
    assert accepted.json()["concurrencyToken"] == 2


def test_the_items_of_a_list_come_in_a_language(schema, browser_of_eva):
    items = browser_of_eva.get(url(schema, "items/?list=colours&language=de")).json()["items"]

    assert items[0]["label"].endswith("(de)")
    assert {item["parentKey"] for item in items} == {None}
    assert browser_of_eva.get(url(schema, "items/?list=nothing")).json() == {"items": []}


def test_versions_are_compared_in_words_and_restored_as_a_draft(schema, browser_of_eva):
    draft = draft_of(schema)
    draft["components"].append({"type": "textfield", "key": "motto", "label": "Motto"})
    save(browser_of_eva, schema, draft)
    address = f"/admin/crmschema/crmschema/{schema.pk}/versions/"

    latest = browser_of_eva.get(address)
    back = browser_of_eva.get(f"{address}?from=2&to=1").content.decode()
    restored = browser_of_eva.get(url(schema, "?version=1"))

    page = latest.content.decode()
    assert "From version 1 to version 2" in page
    assert "Field Motto: added" in page
    assert "Eva" in page
    assert f"{url(schema)}?version=1" in page
    assert "Field Motto: removed" in back
    assert restored.context["editor"]["draft"] == schema.schema
    assert restored.context["editor"]["token"] == 2
    assert browser_of_eva.get(url(schema, "?version=9")).status_code == 404
    assert browser_of_eva.get(f"{address}?from=1&to=9").status_code == 404


def test_a_single_version_is_not_compared(schema, browser_of_eva):
    answer = browser_of_eva.get(f"/admin/crmschema/crmschema/{schema.pk}/versions/")

    assert answer.context["compared"] is None


def test_versions_by_apps_and_by_the_product_name_their_author(schema, browser_of_eva, world):
    schema_save(actor=world.actor(), key="tiny", schema=schema.schema, concurrency_token=1)

    by_app = browser_of_eva.get(url(schema, "versions/2/")).json()
    by_product = browser_of_eva.get(url(schema, "versions/1/")).json()

    assert by_app["savedBy"] == world.app.name
    assert by_product["savedBy"] is None


def test_failures_of_ours_are_no_answers(rf):
    def fails(request: object) -> object:
        raise DomainError

    with pytest.raises(DomainError):
        json_page(fails, "GET")(rf.get("/admin/"))
