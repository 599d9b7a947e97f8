"""What an erasure may take out of history and of the audit log, and nothing else may (H2, H3, N2)."""

from django.db import migrations

# An erasure leaves every change where it is and takes values, comments and the ids of rows out of
# it: what remains is contained in what was there, and no change goes missing.
HISTORY = """
CREATE OR REPLACE FUNCTION contacts_guard_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_anonymised boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT anonymised_at IS NOT NULL INTO is_anonymised
        FROM contacts_contact WHERE id = OLD.contact_id;
        IF OLD.legal_entity_id IS NOT NULL THEN
            SELECT anonymised_at IS NOT NULL INTO is_anonymised
            FROM legalentities_legalentity WHERE id = OLD.legal_entity_id;
        END IF;
        IF is_anonymised
            AND to_jsonb(NEW) - 'details' - 'comment' = to_jsonb(OLD) - 'details' - 'comment'
            AND NEW.comment IN (OLD.comment, '')
            AND OLD.details @> NEW.details
            AND (CASE WHEN OLD.kind = 'change' THEN
                (SELECT jsonb_agg(change - 'original' - 'target' - 'rowId' ORDER BY place)
                 FROM jsonb_array_elements(NEW.details) WITH ORDINALITY AS n(change, place))
                IS NOT DISTINCT FROM
                (SELECT jsonb_agg(change - 'original' - 'target' - 'rowId' ORDER BY place)
                 FROM jsonb_array_elements(OLD.details) WITH ORDINALITY AS o(change, place))
                ELSE true END)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""
HISTORY_REVERSE = """
CREATE OR REPLACE FUNCTION contacts_guard_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_anonymised boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT anonymised_at IS NOT NULL INTO is_anonymised
        FROM contacts_contact WHERE id = OLD.contact_id;
        IF OLD.legal_entity_id IS NOT NULL THEN
            SELECT anonymised_at IS NOT NULL INTO is_anonymised
            FROM legalentities_legalentity WHERE id = OLD.legal_entity_id;
        END IF;
        IF is_anonymised
            AND to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details'
            AND OLD.details @> NEW.details
            AND (CASE WHEN OLD.kind = 'change' THEN
                (SELECT jsonb_agg(change - 'original' - 'target' ORDER BY place)
                 FROM jsonb_array_elements(NEW.details) WITH ORDINALITY AS n(change, place))
                IS NOT DISTINCT FROM
                (SELECT jsonb_agg(change - 'original' - 'target' ORDER BY place)
                 FROM jsonb_array_elements(OLD.details) WITH ORDINALITY AS o(change, place))
                ELSE true END)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""

# The reasons that people gave for what they did with a contact can name it. They go with it; the
# reason of the erasure itself is what the log is for, and stays.
AUDIT = """
CREATE FUNCTION contacts_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.object_type = 'contact' AND OLD.operation <> 'anonymizeContact'
            AND NEW.reason = '' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
            AND EXISTS (SELECT 1 FROM contacts_contact contact
                        WHERE contact.id = CASE WHEN OLD.object_id ~ '^[0-9]{1,10}$'
                                                THEN OLD.object_id::bigint END
                          AND anonymised_at IS NOT NULL)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER audit_event_append_only ON common_auditevent;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON common_auditevent
    FOR EACH ROW EXECUTE FUNCTION contacts_guard_audit();
"""
AUDIT_REVERSE = """
DROP TRIGGER audit_event_append_only ON common_auditevent;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON common_auditevent
    FOR EACH ROW EXECUTE FUNCTION common_refuse_change();
DROP FUNCTION contacts_guard_audit();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_erasure_and_retention"),
        ("common", "0005_location_of_answers"),
    ]

    operations = [
        migrations.RunSQL(HISTORY, HISTORY_REVERSE),
        migrations.RunSQL(AUDIT, AUDIT_REVERSE),
    ]
