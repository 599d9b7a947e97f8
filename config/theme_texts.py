"""Texts of the back office's theme, which comes without catalogues: named here, they are collected
and translated with ours. Nothing imports this module.
"""

from django.utils.translation import gettext_noop

THEME_TEXTS = (
    gettext_noop("Welcome back to"),
    gettext_noop("Filters"),
    gettext_noop("Apply Filters"),
    gettext_noop("Clear all filters"),
    gettext_noop("Reset filters"),
    gettext_noop("Type to search"),
    gettext_noop("No results found"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Next"),
    gettext_noop("Previous"),
    gettext_noop("Light"),
    gettext_noop("Dark"),
)
