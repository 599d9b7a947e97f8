"""Usernames of contacts that exist (U1, U2)."""

from django.conf import settings
from django.db import IntegrityError

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic, constraint_of
from config.common.exceptions import NotFound
from contacts.exceptions import ContactAnonymized, UsernameCoupled, UsernameNotUnique
from contacts.models import Contact
from contacts.selectors.targets import targets_get_for_update
from contacts.services.coupling import usernames_lock
from contacts.services.derived import names_of
from contacts.targets import TargetRef
from contacts.usernames import folded_username, require_username
from crmschema.selectors import compiled_at


@atomic()
def username_set(*, actor: Actor, ref: TargetRef, username: str) -> None:
    """Give a contact that the caller is known to reach another username (U1); where its name is
    the username, the name follows (D12). The same again changes nothing and leaves no trace.

    Takes the schema's shared lock, the contact's row lock, then the locks of both names. Raises
    BadRequest (length), NotFound, ContactAnonymized, UsernameCoupled (U2), UsernameNotUnique.
    """
    require_username(username)
    state = targets_get_for_update([ref]).get(ref.id)
    if state is None:
        raise NotFound
    if state.is_anonymised:
        raise ContactAnonymized
    if settings.USERNAME_COUPLED_WITH_EMAIL:
        raise UsernameCoupled
    if username == state.username:
        return
    names = names_of(compiled_at(state.schema), state.details, username, state.uid)
    usernames_lock([state.username, username])
    _write(ref.id, username=username, username_folded=folded_username(username), **names)
    audit_record(
        actor=actor,
        operation="updateUsername",
        object_type="contact",
        object_id=ref.id,
        fields=["username"],
    )


def _write(contact_id: int, **columns: str | None) -> None:
    """Who else has the name the unique column decides, also between two at the same instant."""
    try:
        Contact.objects.filter(pk=contact_id).update(**columns)
    except IntegrityError as error:
        is_username = "username_folded" in (constraint_of(error) or "")
        raise UsernameNotUnique() if is_username else error from None
