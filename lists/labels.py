"""Which label of a localised text is shown (S6). Pure."""

from collections.abc import Mapping

from django.conf import settings


def label_in(labels: Mapping[str, str], language: str | None = None) -> str | None:
    """The label in `language`, else in its base (`de` for `de-CH`), else in the default language.

    None when there is none of these; `language` None means the default language.
    """
    asked = language or settings.LANGUAGE_CODE
    for candidate in (asked, asked.partition("-")[0], settings.LANGUAGE_CODE):
        if candidate in labels:
            return labels[candidate]
    return None
