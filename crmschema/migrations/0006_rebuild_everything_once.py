"""What earlier saves left behind: one rebuild for each schema, which the sweep finds by itself."""

from django.db import migrations

FORWARD = """
INSERT INTO crmschema_schemarebuild (token, attempt, source, after_id, checked, total, rebuilt,
    status, created_at, heartbeat_at, crm_schema_id)
SELECT concurrency_token, 0, 0, 0, 0, 0, 0, 'Queued', now(), now(), id FROM crmschema_crmschema
"""


class Migration(migrations.Migration):
    dependencies = [("crmschema", "0005_schema_rebuilds")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
