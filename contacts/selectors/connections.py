"""Ids of contacts in other systems (X1)."""

from uuid import UUID

from config.common.actors import Actor
from config.common.exceptions import NotFound
from contacts.connections import require_system, stored_form
from contacts.models import Contact, ExternalConnection


def connection_list(*, contact_id: int) -> list[tuple[str, str]]:
    """System and external id of all connections of a contact that the caller is known to reach."""
    connections = ExternalConnection.objects.filter(contact_id=contact_id)
    return list(connections.order_by("system", "external_id").values_list("system", "external_id"))


def contact_find(*, actor: Actor, system: str, external_id: str) -> tuple[int, UUID]:
    """Id and uid of the contact that has the external id in the system.

    One statement. Raises BadRequest for an unknown system (X2), NotFound also for a contact out
    of reach (A2).
    """
    contact = (
        Contact.objects.visible_to(actor)
        .filter(
            connections__system=require_system(system),
            connections__external_id=stored_form(external_id),
        )
        .values_list("id", "uid")
        .first()
    )
    if contact is None:
        raise NotFound
    return contact
