"""A look at a schema that takes its lock first, for writes that are one statement (S5)."""

from django.db import migrations

# In a function that may change things each statement sees what was committed before that statement:
# the look is not older than the lock, as it would be inside of one statement. The lock is the one
# of crmschema.locks, the state that of crmschema.selectors.
FORWARD = """
CREATE FUNCTION crmschema_is_current(
    asked_id int, asked_token bigint, asked_transaction bigint, asked_lists bigint
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7, asked_id);
    RETURN EXISTS (
        SELECT 1 FROM crmschema_crmschema schema
        WHERE schema.id = asked_id AND schema.concurrency_token = asked_token
            AND schema.xmin::text::bigint = asked_transaction
    ) AND asked_lists = (
        SELECT coalesce(bit_xor(hashint8extended(revision, id)), 0)::bigint FROM lists_list
    );
END $$;
"""
REVERSE = "DROP FUNCTION crmschema_is_current(int, bigint, bigint, bigint);"


class Migration(migrations.Migration):
    dependencies = [
        ("crmschema", "0002_versions_append_only"),
        ("lists", "0001_lists_and_items"),
    ]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
