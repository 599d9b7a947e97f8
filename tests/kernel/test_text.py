"""Folding and the stored form of text (D8, U1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.common.text import fold, is_storable, normalize


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("STRASSE", "straße"),
        ("\u212a", "k"),  # the Kelvin sign
        ("ſ", "s"),  # noqa: RUF001 - the long s is the point
        ("ａ", "a"),  # noqa: RUF001 - the full-width letter is the point
        ("e\u0301", "é"),
        ("Σ", "ς"),
        ("İ", "i"),
        ("Zoë", "ZOE"),
        ("Müller", "muller"),
    ],
)
def test_u1_what_people_take_for_equal_folds_alike(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@given(st.text())
def test_u1_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_d8_text_is_composed() -> None:
    assert normalize("Zoe\u0308") == "Zoë"
    assert normalize("Anna") == "Anna"


@pytest.mark.parametrize(
    ("text", "storable"),
    [("Anna", True), ("Zoë", True), ("a\x00", False), ("é\x00", False), ("\ud800", False)],
)
def test_d8_nul_and_lone_surrogates_cannot_be_stored(text: str, storable: bool) -> None:
    assert is_storable(text) is storable
