"""The app of a change set without a foreign key, and what guards it instead.

A foreign key locks the row that it names. All that an app writes names the same row, which writers
at the same time then share and mark anew for each other: a tenth of what a small change cost.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION contacts_keep_apps_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contacts_changeset WHERE app_id = OLD.id) THEN
        RAISE EXCEPTION 'history names the app %', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER app_of_history_stays BEFORE DELETE ON contacts_app
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_apps_of_history();
"""
GUARD_REVERSE = """
DROP TRIGGER app_of_history_stays ON contacts_app;
DROP FUNCTION contacts_keep_apps_of_history();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0011_details_in_the_row"),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="changeset",
            name="app",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
            ),
        ),
        migrations.RunSQL(GUARD, GUARD_REVERSE),
    ]
