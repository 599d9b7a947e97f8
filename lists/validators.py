"""Rules of one row, shared by models, forms and services. They raise Django's ValidationError."""

import json
import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext, gettext_lazy

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from config.common.text import fold

# List keys become the names of definitions in derived JSON Schemas and parts of addresses.
LIST_KEY_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
# Never numeric, and never TRUE or FALSE: form libraries turn such values into other types.
ITEM_KEY_PATTERN = r"^[A-Z][A-Z0-9_.-]{0,63}$"
FORBIDDEN_ITEM_KEYS = ("FALSE", "TRUE")

LABEL_MAX_LENGTH = 250
# Folding can multiply a text by eighteen; no label that people read grows more than this.
LABEL_MAX_FOLDED_LENGTH = 2 * LABEL_MAX_LENGTH
MAX_LANGUAGES = 50
LANGUAGE_MAX_LENGTH = 35  # what every reader of BCP 47 must be able to hold
CUSTOM_ATTRIBUTES_MAX_BYTES = 10_000

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


# `\Z` because Python's `$` also matches before a final line feed; PostgreSQL's does not.
validate_list_key = RegexValidator(
    LIST_KEY_PATTERN.replace("$", r"\Z"),
    gettext_lazy("A letter, then up to 63 letters, digits, hyphens and underscores."),
)
_validate_item_key_grammar = RegexValidator(
    ITEM_KEY_PATTERN.replace("$", r"\Z"),
    gettext_lazy("A capital letter, then up to 63 of A-Z, 0-9, underscore, dot and hyphen."),
)


def validate_item_key(key: str) -> None:
    """Accept what can be stored in details as the value of a list field."""
    _validate_item_key_grammar(key)
    if key in FORBIDDEN_ITEM_KEYS:
        raise ValidationError(gettext("TRUE and FALSE cannot be keys."))


def validate_labels(labels: object) -> None:
    """Accept texts by language tag, the default language among them (the fallback of rule S6)."""
    if not isinstance(labels, dict):
        raise ValidationError(gettext("Labels are an object of texts by language."))
    if settings.LANGUAGE_CODE not in labels:
        reason = gettext("A label in the default language (%(language)s) is due.")
        raise ValidationError(reason % {"language": settings.LANGUAGE_CODE})
    if len(labels) > MAX_LANGUAGES:
        reason = gettext("There are labels in at most %(most)d languages.")
        raise ValidationError(reason % {"most": MAX_LANGUAGES})
    for language, label in labels.items():
        if not _is_language(language):
            raise ValidationError(gettext("Languages are tags such as “de” or “de-CH”."))
        if not isinstance(label, str) or not label.strip() or _has_control_characters(label):
            raise ValidationError(gettext("Each label is a text without control characters."))
        if len(label) > LABEL_MAX_LENGTH or len(fold(label)) > LABEL_MAX_FOLDED_LENGTH:
            reason = gettext("A label has at most %(most)d characters.")
            raise ValidationError(reason % {"most": LABEL_MAX_LENGTH})


def validate_custom_attributes(attributes: object) -> None:
    """Accept a JSON object that the database can hold and any client can parse."""
    if not isinstance(attributes, dict):
        raise ValidationError(gettext("Custom attributes are a JSON object."))
    try:
        text = json.dumps(attributes, allow_nan=False).encode()
        parse_strict(text)
    except (TypeError, ValueError, RecursionError, BadRequest):
        # The strict parser's own message may quote a value.
        raise ValidationError(gettext("Custom attributes are not portable JSON.")) from None
    if len(text) > CUSTOM_ATTRIBUTES_MAX_BYTES:
        reason = gettext("Custom attributes have at most %(most)d bytes as JSON.")
        raise ValidationError(reason % {"most": CUSTOM_ATTRIBUTES_MAX_BYTES})


def _is_language(language: object) -> bool:
    return (
        isinstance(language, str)
        and len(language) <= LANGUAGE_MAX_LENGTH
        and _LANGUAGE_TAG.fullmatch(language) is not None
    )


def _has_control_characters(text: str) -> bool:
    """NUL, line feeds and the like, and lone surrogates."""
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
