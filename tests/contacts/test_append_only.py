"""What is append-only cannot be emptied as a whole either (H2, H3, S2)."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.api import details_path
from tests.factories.contacts import make_app
from tests.factories.fixtures import World

TABLES = ["contacts_changeset", "common_auditevent", "crmschema_crmschemaversion"]


@pytest.mark.parametrize("table", TABLES)
def test_h2_append_only_tables_refuse_truncate(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_services.allow_truncate = off")
        with pytest.raises(IntegrityError, match="append-only"):
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_h1_an_app_that_history_names_cannot_be_deleted(world: World) -> None:
    contact = world.contact()
    world.api().patch(details_path(contact.pk), {"details": {"person": {"nickname": "A"}}})
    other = make_app("other")

    delete = "DELETE FROM contacts_app WHERE id = %s"
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="history names the app"), transaction.atomic():
            cursor.execute(delete, [world.app.pk])
        cursor.execute(delete, [other.pk])
        assert cursor.rowcount == 1
