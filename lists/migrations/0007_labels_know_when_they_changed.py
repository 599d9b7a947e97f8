"""Folded labels say at which revision they were written, so that lookups read what changed only."""

from django.db import migrations, models

NEXT = models.Func(template="nextval('lists_revision')", output_field=models.BigIntegerField())

# A trigger, so that the processes of the release before, which know nothing of it, set it too.
FORWARD = """
CREATE FUNCTION lists_label_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('lists_revision');
    RETURN NEW;
END $$;
CREATE TRIGGER list_item_label_revised BEFORE UPDATE ON lists_listitemlabel
    FOR EACH ROW EXECUTE FUNCTION lists_label_revised();
"""
REVERSE = """
DROP TRIGGER list_item_label_revised ON lists_listitemlabel;
DROP FUNCTION lists_label_revised();
"""


class Migration(migrations.Migration):
    dependencies = [("lists", "0006_trigrams_without_waiting_list")]

    operations = [
        # Rows that exist are older than every revision of their list.
        migrations.AddField(
            "ListItemLabel", "revision", models.BigIntegerField(db_default=0, editable=False)
        ),
        migrations.AlterField(
            "ListItemLabel", "revision", models.BigIntegerField(db_default=NEXT, editable=False)
        ),
        migrations.RunSQL(FORWARD, REVERSE),
        # Nothing searches by it any more; the release before still finds what it looks for.
        migrations.RemoveIndex("ListItemLabel", "list_item_label_prefix"),
        migrations.AddIndex(
            "ListItemLabel",
            models.Index(fields=["list", "language", "revision"], name="list_item_label_changes"),
        ),
    ]
