"""Which label is shown (S6)."""

import pytest

from lists.labels import label_in

LABELS = {"en": "Red", "de": "Rot", "de-CH": "Rood"}


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "Rot"),
        ("de-CH", "Rood"),
        ("de-AT", "Rot"),
        ("fr", "Red"),
        ("", "Red"),
        (None, "Red"),
    ],
)
def test_s6_label_is_of_the_language_its_base_or_the_default(language, label):
    assert label_in(LABELS, language) == label


def test_s6_no_label_in_any_of_these_gives_none():
    assert label_in({"it": "Rosso"}, "fr") is None
