"""The relations between the first tables."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changerequests", "0001_tables"),
        ("contacts", "0001_tables"),
        ("legalentities", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="changerequest",
            name="app",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="contact",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="change_requests",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="initiator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="initiated_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="legal_entity",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="change_requests",
                to="legalentities.legalentity",
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="reviewer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviewed_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["paths"], name="change_request_paths"
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["status", "created_at", "id"], name="change_request_status"),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contact__isnull", True), ("legal_entity__isnull", True), _connector="XOR"
                ),
                name="change_request_one_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", 1)),
                fields=("contact",),
                name="one_pending_request_per_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", 1)),
                fields=("legal_entity",),
                name="one_pending_request_per_legal_entity",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer__isnull", True),
                    models.Q(("reviewer", models.F("initiator")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_reviews_own_request",
            ),
        ),
    ]
