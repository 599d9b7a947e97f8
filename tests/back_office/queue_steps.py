"""Requests in the queue of the back office, and what a reviewer does there."""

from changerequests.models import ChangeRequest
from contacts.models import Contact
from tests.factories.fixtures import World
from tests.factories.submissions import hold

QUEUE = "/admin/changerequests/changerequest/"
Status = ChangeRequest.Status
KING = {"person": {"lastName": "King"}}


def asked(world: World, contact: Contact | None = None) -> ChangeRequest:
    """Anna's request on a contact of hers."""
    return hold(world.actor(world.anna), contact or world.contact(), KING)


def page_of(request: ChangeRequest) -> str:
    return f"{QUEUE}{request.pk}/change/"


def review_of(request: ChangeRequest) -> str:
    return f"{QUEUE}{request.pk}/review/"


def status_of(request: ChangeRequest) -> int:
    request.refresh_from_db()
    return request.status
