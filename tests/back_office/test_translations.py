"""The German and French texts of the back office are complete, and compiled."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[2] / "locale"
LANGUAGES = ["de", "fr"]


def source(language: str):
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_bytes()
    return read_po(BytesIO(text), locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    missing = [message.id for message in source(language) if message.id and not all(_all(message))]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_written(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = read_mo(file)

    assert texts(compiled) == texts(source(language))


def test_the_languages_know_the_same_texts():
    german, french = (texts(source(language)).keys() for language in LANGUAGES)

    assert german == french


def texts(catalogue) -> dict[str, tuple[str, ...]]:
    """The translations by their text, by the singular where there are two."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: _all(message)
        for message in catalogue
        if message.id
    }


def _all(message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)
