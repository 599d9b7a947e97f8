"""Single values as people read them, in one of the product's languages."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from crmschema.compiler.model import CompiledSchema, Field, FieldType
from crmschema.documents import JsonValue
from crmschema.rendering import rendered_value

# Amounts and dates as a European firm writes them in each language.
_LOCALES: Final = {"en": "en_GB", "de": "de_CH", "fr": "fr_CH"}
_YES_NO: Final = {"en": ("Yes", "No"), "de": ("Ja", "Nein"), "fr": ("Oui", "Non")}
_CURRENCY_DECIMALS: Final = 2
_MOST_DECIMALS: Final = 10


def shown(
    compiled: CompiledSchema, field: Field | None, value: JsonValue, language: str
) -> str | None:
    """A value of `field` as text; None when it is missing. Never an error: a value that does not
    fit its field, or one of a field that the schema no longer has, is shown as it is stored.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, list):
        return ", ".join(shown(compiled, field, each, language) or "" for each in value)
    formatter = _FORMATTERS.get(field.type) if field is not None else None
    if field is not None and formatter is not None:
        try:
            return formatter(field, value, _LOCALES[language])
        except (ValueError, TypeError, ArithmeticError):
            pass
    return rendered_value(compiled, field, value, language)


def shown_rows(
    compiled: CompiledSchema,
    grid: str,
    rows: Sequence[Any],
    language: str,  # Any: JSON objects
) -> str | None:
    """The rows of a grid as numbered lines of their values, each with its label: the same text in
    another column is another value. None without rows.
    """
    lines = [
        f"{number}. {_row(compiled, grid, row, language)}" for number, row in enumerate(rows, 1)
    ]
    return "\n".join(lines) or None


def _row(compiled: CompiledSchema, grid: str, row: Any, language: str) -> str:  # Any: JSON
    if not isinstance(row, dict):
        return str(row)
    fields = [field for field in compiled.fields if field.grid == grid]
    parts = [f"id {row['id']}"] if "id" in row else []
    for field in fields:
        value: JsonValue = row
        for key in field.path.removeprefix(f"{grid}.").split("."):
            value = value.get(key) if isinstance(value, dict) else None
        text = shown(compiled, field, value, language)
        if text is not None:
            parts.append(f"{field.label.in_language(language)}: {text}")
    return " · ".join(parts)


def _number(field: Field, value: JsonValue, locale: str) -> str:
    return _decimal(value, locale, 0, _MOST_DECIMALS if field.decimals is None else field.decimals)


def _percent(field: Field, value: JsonValue, locale: str) -> str:
    return f"{_number(field, value, locale)} %"


def _currency(field: Field, value: JsonValue, locale: str) -> str:
    decimals = _CURRENCY_DECIMALS if field.decimals is None else field.decimals
    amount = _decimal(value, locale, decimals, decimals)
    return f"{field.currency} {amount}" if field.currency else amount


def _decimal(value: JsonValue, locale: str, least: int, most: int) -> str:
    if isinstance(value, str):
        raise TypeError("text is shown as it is")
    digits = "0" * least + "#" * (most - least)
    pattern = f"#,##0.{digits}" if digits else "#,##0"
    return str(format_decimal(Decimal(str(value)), format=pattern, locale=locale))


def _date(field: Field, value: JsonValue, locale: str) -> str:
    return str(format_date(date.fromisoformat(value), format=_day(locale), locale=locale))


def _date_time(field: Field, value: JsonValue, locale: str) -> str:
    moment = datetime.fromisoformat(value)
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{format_datetime(in_utc, format=f'{_day(locale)}, HH:mm', locale=locale)} UTC"


def _day(locale: str) -> str:
    """As the back office writes days: `config/formats`."""
    return "d. MMM y" if locale.startswith("de") else "d MMM y"


_FORMATTERS: Final[dict[FieldType, Callable[[Field, JsonValue, str], str]]] = {
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.PERCENT: _percent,
    FieldType.CURRENCY: _currency,
    FieldType.DATE: _date,
    FieldType.DATE_TIME: _date_time,
}
