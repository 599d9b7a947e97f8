"""What members advise is read from an index alone (A2); built while the table is in use."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("contacts", "0013_member_language")]

    operations = [
        AddIndexConcurrently(
            model_name="contactassignment",
            index=models.Index(fields=["member", "contact"], name="contact_assignment_by_member"),
        ),
        # The index of the member alone goes when the one that replaces it is there.
        migrations.AlterField(
            model_name="contactassignment",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
