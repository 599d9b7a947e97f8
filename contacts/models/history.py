"""History: one change set for each applied submission."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from contacts.models.contacts import Contact
from contacts.models.identity import App, Member


class ChangeSet(models.Model):
    """What one applied submission changed (D11). Append-only: a trigger lets through only an
    UPDATE that empties values and the comment of a target that is anonymised (H2).

    `details` of a change is an array of `{path, rowId?, original?, target?}` (typed values, absent
    is missing); of a creation it is the document itself, expanded to leaves when read. `paths`
    are the changed paths, with and without indexes, and all their ancestors; empty for a creation.
    `version` is the target's version that the set led to: 1 for the creation, without gaps.
    """

    class Kind(models.TextChoices):
        CREATION = "creation"
        CHANGE = "change"

    class Source(models.TextChoices):
        API = "Api"
        BACK_OFFICE = "BackOffice"
        CHANGE_REQUEST = "ChangeRequest"
        VERIFICATION = "Verification"
        IMPORT = "Import"
        SYSTEM = "System"
        ERASURE = "Erasure"

    id = models.BigAutoField(primary_key=True)
    # Every write of details inserts here: only what is searched by has an index, and no index
    # stands where a constraint has one.
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="change_sets", db_index=False
    )
    legal_entity = models.ForeignKey(
        "legalentities.LegalEntity",
        null=True,
        on_delete=models.PROTECT,
        related_name="change_sets",
        db_index=False,
    )
    version = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    executed_at = models.DateTimeField()
    member = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Not a constraint: it would have all writes of an app lock the app's one row. A trigger refuses
    # to delete an app that history names.
    app = models.ForeignKey(
        App,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    source = models.CharField(max_length=16, choices=Source.choices)
    comment = models.TextField(blank=True, default="")
    change_request = models.ForeignKey(
        "changerequests.ChangeRequest",
        null=True,
        on_delete=models.PROTECT,
        related_name="change_sets",
        db_index=False,
    )
    reviewer = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    schema_token = models.BigIntegerField()
    details = models.JSONField()
    paths = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) ^ models.Q(legal_entity__isnull=True),
                name="change_set_one_target",
            ),
            models.UniqueConstraint(
                fields=["contact", "version"],
                condition=models.Q(contact__isnull=False),
                name="change_set_of_contact",
            ),
            models.UniqueConstraint(
                fields=["legal_entity", "version"],
                condition=models.Q(legal_entity__isnull=False),
                name="change_set_of_legal_entity",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "executed_at", "id"], name="change_set_contact_time"),
            models.Index(
                fields=["change_request"],
                condition=models.Q(change_request__isnull=False),
                name="change_set_of_request",
            ),
        ]

    def __str__(self) -> str:
        return f"change set {self.pk}"
