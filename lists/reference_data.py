"""The reference lists, made from the published standards as pycountry and Babel carry them.

Labels come in every language of the settings: territory, language and currency names from the
Unicode CLDR (Babel), subdivision names from the iso-codes project (pycountry's catalogues).
"""

import gettext
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pycountry
from babel import Locale
from django.conf import settings

from config.common.text import fold
from lists.definitions import ItemDefinition, ListDefinition
from lists.models import ListSource

_LIST_LABELS = {
    "countries": {"en": "Countries", "de": "Länder", "fr": "Pays"},
    "states": {
        "en": "States and provinces",
        "de": "Bundesländer, Kantone und Provinzen",
        "fr": "États, cantons et provinces",
    },
    "languages": {"en": "Languages", "de": "Sprachen", "fr": "Langues"},
    "currencies": {"en": "Currencies", "de": "Währungen", "fr": "Monnaies"},
}

# The catalogues translate by name, not by code: homonyms ("Georgia") and slips stand here.
_SUBDIVISION_CORRECTIONS = {
    "BE-VLI": {"fr": "Limbourg"},
    "BJ-LI": {"fr": "Littoral"},
    "CH-BE": {"en": "Bern", "de": "Bern", "fr": "Berne"},
    "CH-FR": {"en": "Fribourg", "de": "Freiburg", "fr": "Fribourg"},
    "CM-LT": {"fr": "Littoral"},
    "GQ-LI": {"fr": "Littoral"},
    "NL-LI": {"fr": "Limbourg"},
    "US-GA": {"de": "Georgia"},
}


def reference_lists() -> tuple[ListDefinition, ...]:
    """Countries, states, languages and currencies; a list stands after the list of its parents."""
    return (
        _definition("countries", _countries()),
        _definition("states", _subdivisions(), parent_list_key="countries"),
        _definition("languages", _languages()),
        _definition("currencies", _currencies()),
    )


def _definition(
    key: str, items: Iterable[ItemDefinition], parent_list_key: str | None = None
) -> ListDefinition:
    """The list with its items by parent and name, as readers expect them."""
    ordered = sorted(
        items,
        key=lambda item: (
            item.parent_key or "",
            fold(item.labels[settings.LANGUAGE_CODE]),
            item.key,
        ),
    )
    return ListDefinition(
        key, _LIST_LABELS[key], ListSource.REFERENCE, tuple(ordered), parent_list_key
    )


def _countries() -> Iterator[ItemDefinition]:
    """ISO 3166-1, keyed by alpha-2 code."""
    for country in pycountry.countries:
        code = country.alpha_2
        yield ItemDefinition(code, _cldr_labels("territories", code, country.name))


def _languages() -> Iterator[ItemDefinition]:
    """ISO 639-1, keyed by the code in capitals (the grammar of item keys)."""
    for language in pycountry.languages:
        code = getattr(language, "alpha_2", None)
        if code is not None:
            yield ItemDefinition(code.upper(), _cldr_labels("languages", code, language.name))


def _currencies() -> Iterator[ItemDefinition]:
    """ISO 4217, keyed by the alphabetic code."""
    for currency in pycountry.currencies:
        code = currency.alpha_3
        yield ItemDefinition(code, _cldr_labels("currencies", code, currency.name))


def _subdivisions() -> Iterator[ItemDefinition]:
    """ISO 3166-2, keyed by code; the parent is the country, also for second-level units."""
    catalogues = {
        language: gettext.translation(
            "iso3166-2", pycountry.LOCALES_DIR, languages=[language], fallback=True
        )
        for language, _ in settings.LANGUAGES
    }
    for subdivision in pycountry.subdivisions:
        labels = {
            language: catalogue.gettext(subdivision.name)
            for language, catalogue in catalogues.items()
        }
        labels |= _SUBDIVISION_CORRECTIONS.get(subdivision.code, {})
        yield ItemDefinition(subdivision.code, labels, subdivision.country_code)


def _cldr_labels(table: str, code: str, name: str) -> dict[str, str]:
    """A label per language: the CLDR's, else its English one, else the standard's `name`.

    With a capital first: several languages write such names small within a sentence, but this is
    the text of a menu.
    """
    fallback = _cldr_name("en", table, code) or name
    labels = {
        language: _cldr_name(language, table, code) or fallback
        for language, _ in settings.LANGUAGES
    }
    return {language: label[0].upper() + label[1:] for language, label in labels.items()}


def _cldr_name(language: str, table: str, code: str) -> str | None:
    names: Mapping[str, str] = getattr(_locale(language), table)
    return names.get(code)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
