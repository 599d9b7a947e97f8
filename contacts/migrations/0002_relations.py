"""The relations between the first tables."""

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("changerequests", "0002_relations"),
        ("contacts", "0001_tables"),
        ("crmschema", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="contacttype",
            name="schema",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_types",
                to="crmschema.crmschema",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="contact_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="contacts.contacttype",
            ),
        ),
        migrations.AddField(
            model_name="app",
            name="contact_types",
            field=models.ManyToManyField(
                blank=True, related_name="apps", to="contacts.contacttype"
            ),
        ),
        migrations.AddField(
            model_name="externalconnection",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="connections",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="memberclosure",
            name="ancestor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="memberclosure",
            name="descendant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="app",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="change_request",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="changerequests.changerequest",
            ),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pending_channels",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="member",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("manager__isnull", True),
                    models.Q(("manager", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="member_not_own_manager",
            ),
        ),
        migrations.AddIndex(
            model_name="changeset",
            index=models.Index(
                condition=models.Q(("change_request__isnull", False)),
                fields=["change_request"],
                name="change_set_of_request",
            ),
        ),
        migrations.AddIndex(
            model_name="changeset",
            index=models.Index(
                fields=["contact", "executed_at", "id"], name="change_set_contact_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contact__isnull", True), ("legal_entity__isnull", True), _connector="XOR"
                ),
                name="change_set_one_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contact__isnull", False)),
                fields=("contact", "version"),
                name="change_set_of_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("legal_entity__isnull", False)),
                fields=("legal_entity", "version"),
                name="change_set_of_legal_entity",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactassignment",
            constraint=models.UniqueConstraint(
                fields=("contact", "member"), name="contact_assignment_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.F("display_name_folded"), name="gin_trgm_ops"
                ),
                name="contact_name_trigram",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalconnection",
            constraint=models.UniqueConstraint(
                fields=("external_id", "system"), name="external_connection_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="externalconnection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("system", "Default")),
                fields=("contact",),
                name="external_connection_one_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalconnection",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("external_id", "="), ("contact", "<>")],
                name="external_id_of_one_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="memberclosure",
            index=models.Index(fields=["descendant", "ancestor"], name="member_closure_up"),
        ),
        migrations.AddConstraint(
            model_name="memberclosure",
            constraint=models.UniqueConstraint(
                fields=("ancestor", "descendant"), include=("depth",), name="member_closure_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingchannel",
            constraint=models.UniqueConstraint(
                fields=("contact", "channel"), name="pending_channel_unique"
            ),
        ),
    ]
