"""What is append-only cannot be emptied as a whole either (H2, H3, S2)."""

import pytest
from django.db import IntegrityError, connection

TABLES = ["contacts_changeset", "common_auditevent", "crmschema_crmschemaversion"]


@pytest.mark.parametrize("table", TABLES)
def test_h2_append_only_tables_refuse_truncate(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_services.allow_truncate = off")
        with pytest.raises(IntegrityError, match="append-only"):
            cursor.execute(f"TRUNCATE {table} CASCADE")
