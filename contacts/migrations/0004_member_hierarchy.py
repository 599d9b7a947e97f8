"""The closure of the hierarchy follows every write of a member, whoever makes it (A2).

A trigger and not a service keeps it, so that no way of making a member (an import, the console,
`createsuperuser`) can leave reach and hierarchy apart.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contacts_close_hierarchy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.manager_id IS NOT DISTINCT FROM OLD.manager_id THEN
        RETURN NULL;
    END IF;
    -- Moves are rare and touch whole branches: one at a time.
    PERFORM pg_advisory_xact_lock(hashtext('contacts_memberclosure'));
    IF TG_OP = 'INSERT' THEN
        INSERT INTO contacts_memberclosure (ancestor_id, descendant_id, depth)
        VALUES (NEW.id, NEW.id, 0);
    ELSE
        IF EXISTS (SELECT 1 FROM contacts_memberclosure
                   WHERE ancestor_id = NEW.id AND descendant_id = NEW.manager_id) THEN
            RAISE EXCEPTION 'a member cannot be below itself'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'member_hierarchy_acyclic';
        END IF;
        DELETE FROM contacts_memberclosure closure
        USING contacts_memberclosure above, contacts_memberclosure below
        WHERE above.descendant_id = NEW.id AND above.ancestor_id <> NEW.id
          AND below.ancestor_id = NEW.id
          AND closure.ancestor_id = above.ancestor_id
          AND closure.descendant_id = below.descendant_id;
    END IF;
    INSERT INTO contacts_memberclosure (ancestor_id, descendant_id, depth)
    SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
    FROM contacts_memberclosure above, contacts_memberclosure below
    WHERE above.descendant_id = NEW.manager_id AND below.ancestor_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER member_closure_follows AFTER INSERT OR UPDATE OF manager_id ON contacts_member
    FOR EACH ROW EXECUTE FUNCTION contacts_close_hierarchy();
"""
REVERSE = """
DROP TRIGGER member_closure_follows ON contacts_member;
DROP FUNCTION contacts_close_hierarchy();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_reach_and_history")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
