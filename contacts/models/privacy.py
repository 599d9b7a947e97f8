"""What erasures leave behind, and large ones at work (N2, N4)."""

import uuid

from django.db import models

from contacts.models.contacts import Contact
from contacts.models.identity import App, Member


class ErasedExternalId(models.Model):
    """The keyed hash of the `Default` external id of an anonymised contact: a later import of the
    same id is refused without anybody keeping it (N2). Without a contact it is of one that a
    restore has lost, told by the ledger of erasures.
    """

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # 256 bits; the key is derived from a setting.
    id_hash = models.BinaryField(unique=True)

    def __str__(self) -> str:
        return f"erased id of {self.contact_id}"


class Anonymisation(models.Model):
    """A request to anonymise more contacts than one transaction takes: a job that goes on where a
    crash stopped it (N4).
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey(App, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")
    correlation_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(finished_at__isnull=True),
                name="anonymisation_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"anonymisation {self.uid}"


class AnonymisationItem(models.Model):
    """One contact of a job, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "Waiting"
        ANONYMISED = "Anonymized"
        RETAINED = "Retained"

    id = models.BigAutoField(primary_key=True)
    anonymisation = models.ForeignKey(
        Anonymisation, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anonymisation", "contact"], name="anonymisation_item_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.anonymisation_id}"
