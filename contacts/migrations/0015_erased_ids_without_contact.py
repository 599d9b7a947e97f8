import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The ledger of erasures knows ids of contacts that a restore has lost."""

    dependencies = [
        ("contacts", "0014_assignments_by_member"),
    ]

    operations = [
        migrations.AlterField(
            model_name="erasedexternalid",
            name="contact",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.contact",
            ),
        ),
    ]
