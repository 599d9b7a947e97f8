"""External connections (X1, X2): what a system and an external id can be. Pure."""

from django.conf import settings

from config.common.exceptions import FieldError, fields_error
from config.common.text import normalize

DEFAULT_SYSTEM = "Default"
MAX_LENGTH = 255


def require_system(system: str | None) -> str:
    """The name of a system, if it is known; its case matters (X2). Raises BadRequest."""
    if system is None or system not in settings.EXTERNAL_SYSTEMS:
        raise fields_error(FieldError("system", "Unknown", "There is no such system."))
    return system


def require_external_id(sent: str | None) -> str:
    """An external id as it is stored: trimmed, 1 to 255 characters (X1). Raises BadRequest."""
    external_id = stored_form(sent or "")
    if not 1 <= len(external_id) <= MAX_LENGTH:
        message = f"The external id must have 1 to {MAX_LENGTH} characters."
        raise fields_error(FieldError("externalId", "Length", message))
    return external_id


def stored_form(external_id: str) -> str:
    """An external id in the form in which all are stored; it need not be one."""
    return normalize(external_id).strip()
