"""What stands against a request or ended it, in words for the person at the screen."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import target_ref
from changerequests.services.follow_up import days_until_expiry
from config.common.exceptions import DomainError, ErrorKind
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
    "NoConflict": _("Where you chose between two values nothing is in conflict any more."),
    "FieldHidden": _("The field is hidden today, so its value would be lost or removed."),
}


def ending_reason(found: ChangeRequest) -> str:
    """Why a request ended without a decision: what the system wrote, in the reader's language."""
    days = days_until_expiry(found.review_comment)
    if days is None:
        return found.review_comment
    text = ngettext(
        "Nobody decided within %(days)s day.", "Nobody decided within %(days)s days.", days
    )
    return text % {"days": days}


def problems_of(found: ChangeRequest, error: DomainError, language: str) -> list[str]:
    """A line for each error of a refusal: the place by its labels, and what is wrong there."""
    errors = (error.properties or {}).get("errors", [])
    if not errors:
        return []
    if error.kind is ErrorKind.BAD_REQUEST:  # about an answer of the form, not about a field
        return [str(_TEXTS.get(each["code"], each["message"])) for each in errors]
    schema = compiled(target_ref(found).schema_key)
    return [
        f"{place_of_path(schema, each['path'], language)}: "
        f"{_TEXTS.get(each['code'], each['message'])}"
        for each in errors
    ]
