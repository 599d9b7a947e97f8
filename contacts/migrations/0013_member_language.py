from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0012_apps_of_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("de", "Deutsch"), ("fr", "Français")],
                db_default="",
                default="",
                help_text="Empty is the installation's own.",
                max_length=2,
                verbose_name="language of emails",
            ),
        ),
    ]
