"""Pages and sort orders (Q1; threats SE-01, SE-03, SE-09)."""

import pytest

from config.common.exceptions import BadRequest
from config.common.paging import INT32_MAX, Page, PageRequest, Sort, page_result, parse_sort

FIELDS = {"createdate": "created_at", "name": "display_name"}


@pytest.mark.parametrize(
    ("page", "size", "expected"),
    [
        (None, None, (0, 25)),
        (0, 0, (0, 25)),
        (3, 1, (3, 1)),
        (INT32_MAX, 200, (INT32_MAX, 200)),
    ],
)
def test_q1_missing_and_zero_mean_the_defaults(
    page: int | None, size: int | None, expected: tuple[int, int]
) -> None:
    request = PageRequest.parse(page, size)

    assert (request.page, request.page_size) == expected
    assert request.offset == expected[0] * expected[1]
    assert request.offset < 2**63


@pytest.mark.parametrize(
    ("page", "size", "path"),
    [
        (-1, None, "page"),
        (INT32_MAX + 1, None, "page"),
        (None, -1, "pageSize"),
        (None, 201, "pageSize"),
        (None, 10**9, "pageSize"),
    ],
)
def test_q1_se01_pages_out_of_range_are_refused(
    page: int | None, size: int | None, path: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        PageRequest.parse(page, size)

    assert caught.value.properties is not None
    assert [error["path"] for error in caught.value.properties["errors"]] == [path]


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (25, 1), (26, 2)])
def test_q1_answers_carry_the_effective_values(total: int, pages: int) -> None:
    page: Page[int] = page_result(PageRequest.parse(None, 0), [1], total)

    assert page.as_json() == {
        "results": [1],
        "page": 0,
        "pageSize": 25,
        "pageCount": pages,
        "totalCount": total,
    }


@pytest.mark.parametrize(
    ("sort_by", "sort_order", "expected"),
    [
        (None, None, Sort("id", True)),
        ("", None, Sort("id", True)),
        (None, "Descending", Sort("id", True)),
        (None, "Ascending", Sort("id", False)),
        ("createDate", None, Sort("created_at", False)),
        ("CREATEDATE", "Descending", Sort("created_at", True)),
        ("name", "Ascending", Sort("display_name", False)),
    ],
)
def test_q1_the_order_follows_sort_by_and_order(
    sort_by: str | None, sort_order: str | None, expected: Sort
) -> None:
    assert parse_sort(sort_by, sort_order, FIELDS, latest="id") == expected


def test_q1_an_order_is_what_querysets_take() -> None:
    assert Sort("id", True).order_by == "-id"
    assert Sort("id", False).order_by == "id"


@pytest.mark.parametrize(
    "sort_by",
    ["id;drop table", "contact__details", "initiator__password", "-name", "name--", "details->a"],
)
def test_q1_se03_unknown_names_are_refused(sort_by: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_sort(sort_by, None, FIELDS, latest="id")

    assert sort_by not in str(caught.value.properties)
