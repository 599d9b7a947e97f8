"""Usernames (U1, U2): how they are checked and compared."""

import unicodedata

from django.conf import settings

from config.common.exceptions import BadRequest, FieldError, fields_error
from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.documents import Document, text_of

MAX_LENGTH = 254
MAX_FOLDED_LENGTH = 2 * MAX_LENGTH
"""Folding can multiply a text by eighteen; no name that people use grows more than this, and the
unique index has an end."""


def folded_username(username: str | None) -> str | None:
    """The form in which usernames are compared: NFKC and case folding, computed only here (U1)."""
    if username is None:
        return None
    folded = unicodedata.normalize("NFKC", username).casefold()
    return unicodedata.normalize("NFKC", folded)


def new_username(sent: str | None, *, compiled: CompiledSchema, document: Document) -> str | None:
    """The username of a new contact. Where it is coupled with the primary email it is that email,
    and another one that was sent is refused (U2). Raises BadRequest.
    """
    if sent is not None:
        require_username(sent)
    if not settings.USERNAME_COUPLED_WITH_EMAIL:
        return sent
    email = text_of(compiled, document, Alias.PRIMARY_EMAIL)
    if sent is not None and folded_username(sent) != folded_username(email):
        raise BadRequest("The username is the primary email; leave it out or send the same.")
    return email


def require_username(sent: str) -> None:
    """Refuse what no username can be (U1). Raises BadRequest."""
    if not _has_allowed_length(sent):
        message = f"The username must have 1 to {MAX_LENGTH} characters."
        raise fields_error(FieldError("username", "Length", message))


def _has_allowed_length(username: str) -> bool:
    folded = folded_username(username) or ""
    return 1 <= len(username.strip()) <= len(username) <= MAX_LENGTH and (
        len(folded) <= MAX_FOLDED_LENGTH
    )
