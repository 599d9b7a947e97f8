"""What people type is brought to a size that costs nothing."""

import pytest

from config.common.typed import MAX_WORDS, search_words, serial_or_none


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("7", 7),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("9" * 5000, None),
        ("-1", None),
        ("\u0663", None),
        ("", None),
        (None, None),
    ],
)
def test_a_serial_is_what_an_id_can_be(text: str | None, serial: int | None) -> None:
    assert serial_or_none(text) == serial


def test_a_search_has_few_words() -> None:
    assert search_words("a\x00b c") == ["ab", "c"]
    assert len(search_words("x " * 3000)) == MAX_WORDS
