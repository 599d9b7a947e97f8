"""Puts the demo together, in one transaction."""

from collections.abc import Callable

from django.core.management.color import no_style
from django.db import connection, models, transaction

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.demo.contacts import contacts_create, retired_field_remove, schemas_create
from config.demo.people import people_create
from config.demo.story import LAST_NUMBER, SUPERSEDED_NUMBER, Stage, superseded_request, tell
from contacts.models import App, Contact, ContactType, Member
from crmschema.models import CrmSchema
from legalentities.models import LegalEntity
from lists.services import demo_lists_load

MIN_CONTACTS = LAST_NUMBER
DEFAULT_CONTACTS = 200

_MODELS_WITH_KNOWN_IDS: tuple[type[models.Model], ...] = (
    Member,
    App,
    ContactType,
    Contact,
    CrmSchema,
    ChangeRequest,
)


def is_empty() -> bool:
    """Whether nobody has put anything into the database yet. Lists do not count."""
    holders: tuple[type[models.Model], ...] = (Member, App, CrmSchema, Contact, LegalEntity)
    return not any(model._default_manager.exists() for model in holders)


@transaction.atomic
def seed(count: int, report: Callable[[str], None]) -> None:
    """Write the demo data with `count` contacts (at least MIN_CONTACTS) to an empty database.

    All or nothing. Ids count from 1, also after a seeding that was interrupted.
    """
    _restart_ids()
    report("lists")
    demo_lists_load(actor=SYSTEM)
    report("schemas, members and apps")
    schemas_create()
    stage = Stage(people_create())

    def progress(number: int) -> None:
        report(f"contacts {number}/{count}")

    contacts_create(stage.people, range(1, SUPERSEDED_NUMBER + 1), progress)
    superseded_request(stage)
    retired_field_remove()
    contacts_create(stage.people, range(SUPERSEDED_NUMBER + 1, count + 1), progress)
    report("changes and change requests")
    tell(stage, count)


def _restart_ids() -> None:
    """A seeding that was rolled back has drawn numbers; the tables are empty, so start over."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _MODELS_WITH_KNOWN_IDS):
            cursor.execute(statement)
