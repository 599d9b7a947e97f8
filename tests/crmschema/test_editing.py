"""What the schema editor reads, and how many queries that takes."""

import json

import pytest

from crmschema.editing import draft_judge, items_offered, lists_offered, schema_versions
from crmschema.models import CrmSchema
from tests.factories.contacts import make_list
from tests.factories.fixtures import World


@pytest.fixture
def schema(world: World) -> CrmSchema:
    return CrmSchema.objects.get(key="tiny")


def judge(schema: CrmSchema):
    return draft_judge(key="tiny", schema=schema.schema, language="en", words="en")


def test_a_verdict_takes_the_same_few_queries_for_any_schema(schema, django_assert_max_num_queries):
    judge(schema)
    draft = json.loads(schema.schema)
    draft["components"] += [
        {"type": "select", "key": f"colour{number}", "label": "C", "crm": {"listKey": "colours"}}
        for number in range(40)
    ]
    larger = CrmSchema(key="tiny", schema=json.dumps(draft))

    with django_assert_max_num_queries(3):
        assert judge(schema).changes == ()
    with django_assert_max_num_queries(3):
        assert len(judge(larger).changes) == 40


def test_lists_and_items_take_one_query_each(schema, django_assert_num_queries):
    with django_assert_num_queries(1):
        before = len(lists_offered(language="de"))
    make_list("sizes", {"S": "Small", "L": "Large"})
    with django_assert_num_queries(1):
        offered = lists_offered(language="de")
    with django_assert_num_queries(1):
        items = items_offered(list_key="sizes", language="fr")

    assert len(offered) == before + 1
    assert {"key": "sizes", "label": "sizes", "count": 2} in offered
    assert items == [
        {"key": "S", "label": "Small", "parentKey": None},
        {"key": "L", "label": "Large", "parentKey": None},
    ]


def test_versions_come_newest_first_without_their_text(schema, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [(version.token, version.member) for version in schema_versions(schema=schema)]

    assert found == [(1, None)]
