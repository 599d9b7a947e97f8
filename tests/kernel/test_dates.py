"""Date-times of requests (Q2; threats DP-16, SE-05, SE-06)."""

from datetime import UTC, datetime

import pytest

from config.common.dates import moment_parameter, parse_datetime, require_order
from config.common.exceptions import BadRequest


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-08-24T14:15:22", datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC)),
        ("2019-08-24T14:15:22Z", datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC)),
        ("2019-08-24T14:15:22+14:00", datetime(2019, 8, 24, 0, 15, 22, tzinfo=UTC)),
        ("2019-08-24T14:15:22.5-01:30", datetime(2019, 8, 24, 15, 45, 22, 500000, tzinfo=UTC)),
        ("2019-08-24T14:15:22.123456Z", datetime(2019, 8, 24, 14, 15, 22, 123456, tzinfo=UTC)),
        ("2019-08-24T14:15:22.1234567Z", datetime(2019, 8, 24, 14, 15, 22, 123456, tzinfo=UTC)),
        ("2019-08-24T14:15:22.123456789", datetime(2019, 8, 24, 14, 15, 22, 123456, tzinfo=UTC)),
    ],
)
def test_q2_se06_date_times_are_utc_without_offset(text: str, moment: datetime) -> None:
    parsed = parse_datetime(text)

    assert parsed == moment
    assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2019-08-24",
        "2019-08-24 14:15:22",
        "2019-08-24T14:15",
        "2019-08-24T23:59:60Z",
        "2023-02-29T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2019-08-24T14:15:22.Z",
        "2019-08-24T14:15:22,5Z",
        "2019-08-24T14:15:22.1234567890Z",
        "20190824T141522Z",
        "2019-W34-6T14:15:22",
        "٢٠١٩-08-24T14:15:22Z",
        "2019-08-24T14:15:22Z\n",
        "now",
        "",
    ],
)
def test_q2_dp16_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date-time|outside|day|second"):
        parse_datetime(text)


def test_q2_se05_from_after_to_is_refused() -> None:
    early, late = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)

    with pytest.raises(BadRequest) as caught:
        require_order(late, early, name="createDate")

    assert caught.value.properties == {
        "errors": [
            {
                "path": "createDateFrom",
                "code": "Range",
                "message": "createDateFrom must not be after createDateTo.",
            }
        ]
    }


def test_q2_se05_equal_and_open_spans_are_taken() -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC)

    require_order(moment, moment, name="createDate")
    require_order(None, moment, name="createDate")
    require_order(moment, None, name="createDate")


def test_q2_a_moment_is_required() -> None:
    assert moment_parameter("2019-08-24T14:15:22", name="asOf").year == 2019
    for text in (None, "", "never"):
        with pytest.raises(BadRequest) as refusal:
            moment_parameter(text, name="asOf")
        assert refusal.value.properties["errors"][0]["path"] == "asOf"
