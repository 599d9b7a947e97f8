"""What the compiler says of a draft, in the language of the page.

The compiler speaks English, as the API does. Its sentences are found again by their form, so that
what they name (a property, a number, a list) stands in the translated ones too.
"""

import re
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# The first that fits counts.
_SENTENCES: Final = (
    _("A schema is a JSON object with an array “components”."),
    _("The display must be “form”."),
    _("The schema is not JSON."),
    _("The body is not valid JSON in UTF-8 (line {line}, column {column})."),
    _("The body is nested more than {most} deep."),
    _("The schema is larger than 1 MB."),
    _("The schema has {count} fields; {most} are possible."),
    _("References are not allowed."),
    _("A component must be an object."),
    _("A pane must be an object."),
    _("A row must be an array of cells."),
    _("Components are nested more than {most} levels deep."),
    _("The type {type} is not supported."),
    _("A key is a small letter, then up to 63 of A-Z, a-z, 0-9 and underscore."),
    _("A tab needs a key of the usual grammar."),
    _("The key is reserved."),
    _("Another component of this data level has the same key."),
    _("Another layout element, container or grid has the same key in the metadata."),
    _("A grid cannot stand inside a grid."),
    _("The least number of rows lies above the greatest."),
    _("The least {name} lies above the greatest."),
    _("A component of type {type} holds one value only."),
    _("A component is either hidden or has a condition."),
    _("The label must be a plain text."),
    _("“{name}” would run in a reader's browser."),
    _("The condition is no object."),
    _("Exactly one condition is possible."),
    _("The operator must be isEqual or isNotEqual."),
    _("The condition names no field."),
    _("The value to compare with is empty or not a scalar."),
    _("“when” must be the full path of a field."),
    _("A field in a grid decides only about components in the same grid."),
    _("The condition is part of a cycle."),
    _("The field depends on more than {most} comparisons."),
    _("The conditions inside and outside the grid are too entangled."),
    _("The pattern is longer than {most} characters."),
    _("The pattern is malformed or too large."),
    _("The pattern is malformed at {position}."),
    _("There is nothing to repeat at {position}."),
    _("More than {most} repetitions at {position}."),
    _("Look-around, named groups and flags are not allowed (at {position})."),
    _("Back-references are not allowed (at {position})."),
    _("The escape at {position} is not allowed; write classes out, such as [0-9]."),
    _("The class at {position} holds a set operator; escape one of the two."),
    _("The alias must be one of {known}."),
    _("Another field has the alias {alias}."),
    _("The alias {alias} is for fields of type {type}."),
    _("A field inside a grid cannot have an alias."),
    _("Only fields with alias PrimaryEmail or PrimaryMobile can be verified."),
    _("There is no list “{list}”."),
    _("The list “{list}” has item keys that are numeric, TRUE, FALSE or illegal."),
    _("“crm.listKey” must name a list."),
    _("“crm.listHierarchyFilterKey” must be the full path of another list field."),
    _("The parent list must stand in the same grid, or in none."),
    _("“crm.fieldType” can only be Percent, and only of a number."),
    _("“{name}” is not known."),
    _("“{name}” is for fields only."),
    _("“{name}” is for lists only."),
    _("“{name}” must be a UUID."),
    _("“{name}” must be an object of texts by language."),
    _("“{name}” must hold an object of texts for each language tag."),
    _("“{name}” must be an object."),
    _("“{name}” must be an array."),
    _("“{name}” must be a text, a number or a boolean."),
    _("“{name}” must be a text."),
    _("“{name}” must be a number."),
    _("“{name}” must be true or false."),
    _("“{name}” must be a whole number from {least} to {most}."),
    _("“{name}” must be a fixed day such as 2024-12-31."),
    _("“{name}” must be an ISO 4217 code."),
    _("“{name}” must not contain “<” or “{{”."),
    _("“{name}” has {count} characters; {most} are possible."),
    _("“{name}” has {count} entries; {most} are possible."),
    _("“{name}” has {count} languages; {most} are possible."),
)
_NAME: Final = re.compile(r"\{(\w+)\}")


def _form(sentence: str) -> re.Pattern[str]:
    parts = _NAME.split(sentence)
    texts = (re.escape(text) for text in parts[::2])
    names = [f"(?P<{name}>.+?)" for name in parts[1::2]]
    return re.compile("".join(text + name for text, name in zip(texts, [*names, ""], strict=True)))


_FORMS: Final = tuple((_form(sentence), sentence) for sentence in _SENTENCES)


def problem_text(message: str) -> str:
    """A sentence of the compiler in the language of the page; as it is where it is not known."""
    for form, sentence in _FORMS:
        found = form.fullmatch(message)
        if found is not None:
            return _filled(gettext(sentence), found)
    return message


def _filled(sentence: str, found: re.Match[str]) -> str:
    return _NAME.sub(lambda name: found[name[1]], sentence)
