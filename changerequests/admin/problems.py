"""What stands against a request or ended it, in words for the person at the screen."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import target_ref
from changerequests.services.follow_up import EXPIRED
from config.common.exceptions import DomainError
from crmschema.presentation import place_of_path
from crmschema.selectors import compiled
from crmschema.validation.errors import ErrorCode

_TEXTS = {
    ErrorCode.REQUIRED: _("A value is required."),
    ErrorCode.TYPE: _("The value has the wrong type."),
    ErrorCode.FORMAT: _("The value does not have the format of its type."),
    ErrorCode.PATTERN: _("The value does not match the pattern."),
    ErrorCode.MIN_LENGTH: _("The text is too short."),
    ErrorCode.MAX_LENGTH: _("The text is too long."),
    ErrorCode.MINIMUM: _("The value lies below the minimum."),
    ErrorCode.MAXIMUM: _("The value lies above the maximum."),
    ErrorCode.MIN_ITEMS: _("There are too few entries."),
    ErrorCode.MAX_ITEMS: _("There are too many entries."),
    ErrorCode.NOT_IN_LIST: _("The value is not in the list."),
    ErrorCode.INACTIVE_ITEM: _("The item is no longer in use."),
    ErrorCode.LIST_HIERARCHY: _("The item does not belong to the item of the parent field."),
    ErrorCode.DECIMALS: _("The number has too many decimal places."),
    "FieldHidden": _("The field is hidden today, so its value would be lost or removed."),
}


_EXPIRED = re.compile(re.escape(EXPIRED).replace(re.escape("{days}"), r"(?P<days>\d+)"))


def ending_reason(found: ChangeRequest) -> str:
    """Why a request ended without a decision: what the system wrote, in the reader's language."""
    expired = _EXPIRED.fullmatch(found.review_comment)
    if expired is None:
        return found.review_comment
    days = int(expired["days"])
    text = ngettext(
        "Nobody decided within %(days)s day.", "Nobody decided within %(days)s days.", days
    )
    return text % {"days": days}


def problems_of(found: ChangeRequest, error: DomainError, language: str) -> list[str]:
    """A line for each error of a refusal: the place by its labels, and what is wrong there."""
    errors = (error.properties or {}).get("errors", [])
    if not errors:
        return []
    schema = compiled(target_ref(found).schema_key)
    return [
        f"{place_of_path(schema, each['path'], language)}: "
        f"{_TEXTS.get(each['code'], each['message'])}"
        for each in errors
    ]
