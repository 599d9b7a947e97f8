"""Correlation ids (F1)."""

import re

import pytest

from config.common.correlation import (
    accepted_or_new,
    clear_correlation_id,
    correlation_id,
)

GOOD = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "incoming",
    [None, "", GOOD.upper(), GOOD[:-1], GOOD + "0", f"{GOOD}\n", "g" * 32, "٣" * 32],
)
def test_f1_other_forms_are_replaced(incoming: str | None) -> None:
    accepted = accepted_or_new(incoming)

    assert accepted != incoming
    assert re.fullmatch("[0-9a-f]{32}", accepted)


def test_f1_an_id_of_exactly_the_form_is_kept() -> None:
    assert accepted_or_new(GOOD) == GOOD


def test_f1_outside_of_requests_an_id_is_made_once() -> None:
    clear_correlation_id()

    assert correlation_id() == correlation_id()
