"""What only SQL can say: reach as a view (A2), history as append-only (H2), room for HOT updates."""

from django.db import migrations

REACH = """
CREATE VIEW contacts_reach AS
SELECT closure.ancestor_id AS member_id, assignment.contact_id, closure.depth
FROM contacts_contactassignment assignment
JOIN contacts_memberclosure closure ON closure.descendant_id = assignment.member_id;
"""
REACH_REVERSE = "DROP VIEW contacts_reach;"

# An erasure leaves every change where it is and takes values out of it: what remains is contained
# in what was there, and no change goes missing.
HISTORY = """
CREATE FUNCTION contacts_guard_history() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER change_set_no_truncate BEFORE TRUNCATE ON contacts_changeset
    FOR EACH STATEMENT EXECUTE FUNCTION common_refuse_truncate();
CREATE TRIGGER change_set_append_only BEFORE UPDATE OR DELETE ON contacts_changeset
    FOR EACH ROW EXECUTE FUNCTION contacts_guard_history();
"""
HISTORY_REVERSE = """
DROP TRIGGER change_set_no_truncate ON contacts_changeset;
DROP TRIGGER change_set_append_only ON contacts_changeset;
DROP FUNCTION contacts_guard_history();
"""

# An update of details then finds room on its own page and leaves the indexes alone.
FILL = "ALTER TABLE contacts_contact SET (fillfactor = 80);"
FILL_REVERSE = "ALTER TABLE contacts_contact RESET (fillfactor);"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_relations"), ("common", "0003_audit_append_only")]

    operations = [
        migrations.RunSQL(REACH, REACH_REVERSE),
        migrations.RunSQL(HISTORY, HISTORY_REVERSE),
        migrations.RunSQL(FILL, FILL_REVERSE),
    ]
