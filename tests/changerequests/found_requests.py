"""Four requests in a row, and what a search finds of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from changerequests.models import ChangeRequest
from contacts.models import Contact, Member
from tests.factories.api import search_path
from tests.factories.fixtures import World

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Requests:
    """Of anna's contact an approved, then a pending one; of ben's contact a rejected, of carl's a
    pending one; created on four days in a row.
    """

    world: World
    of_anna: Contact
    of_ben: Contact
    of_carl: Contact
    approved: ChangeRequest
    pending: ChangeRequest
    rejected: ChangeRequest
    carls: ChangeRequest

    def found(self, body: dict[str, Any], member: Member | None = None) -> list[ChangeRequest]:
        return rows_of(self.world.api(member).post(search_path(), body))


def rows_of(answer: Any) -> list[ChangeRequest]:
    assert answer.status_code == 200, answer.content
    return [ChangeRequest.objects.get(pk=row["id"]) for row in answer.json()["results"]]
