"""History: one change set for each applied submission."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from contacts.models.contacts import Contact
from contacts.models.identity import App, Member


class ChangeSet(models.Model):
    """What one applied submission changed (D11). Append-only: a trigger lets through only an
    UPDATE that empties values of a target that is anonymised (H2).

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

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="change_sets"
    )
    legal_entity = models.ForeignKey(
        "legalentities.LegalEntity", null=True, on_delete=models.PROTECT, related_name="change_sets"
    )
    version = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    executed_at = models.DateTimeField()
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey(App, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=16, choices=Source.choices)
    comment = models.TextField(blank=True, default="")
    change_request = models.ForeignKey(
        "changerequests.ChangeRequest",
        null=True,
        on_delete=models.PROTECT,
        related_name="change_sets",
    )
    reviewer = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    schema_token = models.BigIntegerField()
    details = models.JSONField()
    paths = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) ^ models.Q(legal_entity__isnull=True),
                name="change_set_one_target",
            ),
            models.UniqueConstraint(fields=["contact", "version"], name="change_set_of_contact"),
            models.UniqueConstraint(
                fields=["legal_entity", "version"], name="change_set_of_legal_entity"
            ),
        ]
        indexes = [
            GinIndex(fields=["paths"], name="change_set_paths"),
            models.Index(fields=["contact", "executed_at", "id"], name="change_set_contact_time"),
        ]

    def __str__(self) -> str:
        return f"change set {self.pk}"
