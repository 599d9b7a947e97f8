"""The language of an answer (Q3; threat LO-01)."""

import pytest

from config.common.language import resolve_language
from tests.factories.effort import calls_of, cpu_seconds


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        (None, None, "en"),
        ("", "", "en"),
        ("de", "fr", "de"),
        ("DE-ch", "fr", "de"),
        ("xx", "fr", "fr"),
        ("de,fr", "fr", "fr"),
        ("*", "fr", "fr"),
        (None, "fr", "fr"),
        (None, "de-CH", "de"),
        (None, "de-CH-1996-x-y", "de"),
        (None, "fr;q=0.5, de;q=0.8", "de"),
        (None, "fr , de", "fr"),
        (None, "fr; q=0.3, de;q=0.30", "fr"),
        (None, "xx, de;q=0.1", "de"),
        (None, "*", "en"),
        (None, "xx, *;q=0.5, de;q=0.4", "en"),
        (None, "en;q=0, *", "de"),
        (None, "en;q=0, de;q=0, fr;q=0, *", "en"),
        (None, "de;q=0, de-CH, fr;q=0.1", "fr"),
        (None, "*;q=0", "en"),
        (None, "de;q=0", "en"),
        (None, "de;q=2, fr;q=0.1", "fr"),
        (None, "de;q=abc, fr", "fr"),
        (None, "de;level=1, fr", "fr"),
        (None, ";;;", "en"),
        (None, ",,,de", "de"),
        (None, "dé, fr", "fr"),
        (None, "toolonglanguage, de", "de"),
        ("x" * 5000, "de", "de"),
    ],
)
def test_q3_the_best_supported_language_answers(
    query: str | None, header: str | None, language: str
) -> None:
    assert resolve_language(query, header) == language


def test_lo01_a_huge_header_is_cheap() -> None:
    header = ",".join(f"x{number}-{'a-' * 3}b" for number in range(700))
    long_tag = "-".join(["aa"] * 2300)

    for hostile in (header, long_tag):
        assert resolve_language(None, hostile) == "en"
        # A hundred ranges are looked at, and no tag of more than a hundred characters.
        assert calls_of(lambda hostile=hostile: resolve_language(None, hostile)) < 4_000
        assert cpu_seconds(lambda hostile=hostile: resolve_language(None, hostile)) < 1
