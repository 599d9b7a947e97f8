"""Saved versions cannot be changed or deleted (S2)."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER schema_version_append_only BEFORE UPDATE OR DELETE ON crmschema_crmschemaversion
    FOR EACH ROW EXECUTE FUNCTION common_refuse_change();
CREATE TRIGGER schema_version_no_truncate BEFORE TRUNCATE ON crmschema_crmschemaversion
    FOR EACH STATEMENT EXECUTE FUNCTION common_refuse_truncate();
"""
REVERSE = """
DROP TRIGGER schema_version_no_truncate ON crmschema_crmschemaversion;
DROP TRIGGER schema_version_append_only ON crmschema_crmschemaversion;
"""


class Migration(migrations.Migration):
    dependencies = [("crmschema", "0001_tables"), ("common", "0003_audit_append_only")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
