"""Audit events cannot be changed or deleted, whoever asks (H3)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION common_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- Tests empty tables by TRUNCATE, over connections that say so; nothing else ever does.
CREATE FUNCTION common_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('client_services.allow_truncate', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON common_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION common_refuse_truncate();
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON common_auditevent
    FOR EACH ROW EXECUTE FUNCTION common_refuse_change();
"""
REVERSE = """
DROP TRIGGER audit_event_no_truncate ON common_auditevent;
DROP FUNCTION common_refuse_truncate();
DROP TRIGGER audit_event_append_only ON common_auditevent;
DROP FUNCTION common_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_relations")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
