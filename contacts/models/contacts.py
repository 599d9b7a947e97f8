"""Contacts and the rows that belong to one."""

from collections.abc import Sequence
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from config.common.actors import Actor
from contacts.models.identity import Member
from contacts.models.targets import DetailsTarget
from crmschema.models import CrmSchema


class ContactType(models.Model):
    """A kind of contact; it names the CRM schema of the details."""

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    labels = models.JSONField(default=dict)
    schema = models.ForeignKey(CrmSchema, on_delete=models.PROTECT, related_name="contact_types")
    # Until then no contact of the type is anonymised (N5).
    retain_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        """The contacts within the actor's reach (A2)."""
        return self.filter(within_reach(actor))


def within_reach(
    actor: Actor, contact: str | None = None, *, members: Sequence[int] | None = None
) -> models.Q:
    """The condition that a contact is within the actor's reach (A2): the one place that decides it.

    On contacts themselves, or on rows that name one by the relation `contact`, which are then found
    without a join. `members` narrows it to contacts that one of these advises; all of them stand at
    or below the actor, or it reaches everything. A search over many rows looks the members below
    up before: the planner then knows how much they advise.
    """
    condition = models.Q()
    if actor.contact_type_ids is not None:
        kind = "contact_type_id__in" if contact is None else f"{contact}__contact_type_id__in"
        condition &= models.Q((kind, actor.contact_type_ids))
    reference = models.OuterRef("pk" if contact is None else f"{contact}_id")
    if members is not None:
        advised = ContactAssignment.objects.filter(
            _is_any("member_id", members), contact_id=reference
        )
        return condition & models.Q(models.Exists(advised))
    if actor.reaches_all_contacts:
        return condition
    if actor.member_id is None:
        return models.Q(pk__in=())
    reached = ContactReach.objects.filter(contact_id=reference, member_id=actor.member_id)
    return condition & models.Q(models.Exists(reached))


def _is_any(field: str, ids: Sequence[int]) -> models.Func:
    """`field = ANY (array)`: one parameter for any number of ids, written out here, since an
    ArrayField would look at each of a thousand several times.
    """
    return models.Func(
        models.F(field),
        models.Value(f"{{{','.join(map(str, ids))}}}"),
        arg_joiner=" = ANY (",
        template="%(expressions)s::integer[])",
        output_field=models.BooleanField(),
    )


class Contact(DetailsTarget):
    """A client (natural person)."""

    contact_type = models.ForeignKey(ContactType, on_delete=models.PROTECT, related_name="contacts")
    # Null and not empty: most contacts have no username, and null is what stays unique.
    username = models.CharField(max_length=254, null=True, blank=True)  # noqa: DJ001
    username_folded = models.CharField(max_length=1000, null=True, blank=True, unique=True)
    # Until then the contact is not anonymised, and why (N5).
    retain_until = models.DateTimeField(null=True, blank=True)
    retention_reason = models.TextField(blank=True, db_default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                OpClass(models.F("display_name_folded"), name="gin_trgm_ops"),
                name="contact_name_trigram",
            ),
        ]
        permissions = [
            ("export_contact", "Can export contacts"),
            ("assign_contact", "Can change who advises a contact"),
            ("reach_all_contacts", "Reaches every contact, whoever advises it"),
            ("anonymise_contact", "Can anonymise contacts"),
            ("retain_contact", "Can set how long contacts must be kept"),
            ("disclose_contact", "Can hand out all that is held on a contact"),
        ]


class ContactAssignment(models.Model):
    """A member advises a contact."""

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="assignments", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "member"], name="contact_assignment_unique"),
        ]
        # What many members advise is read from the index alone (A2).
        indexes = [
            models.Index(fields=["member", "contact"], name="contact_assignment_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} advises {self.contact_id}"


class ContactReach(models.Model):
    """A view: which member reaches which contact, by assignment and hierarchy (A2).

    It defines reach once, for the ORM and for hand-written statements alike. A pair stands in it
    once for each way that leads to it, so it is asked by EXISTS.
    """

    pk = models.CompositePrimaryKey("member", "contact")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "contacts_reach"

    def __str__(self) -> str:
        return f"{self.member_id} reaches {self.contact_id}"


class ExternalConnection(models.Model):
    """An id of a contact in another system (X1, X2). Names of systems are case-sensitive."""

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="connections")
    system = models.CharField(max_length=64)
    external_id = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "system"], name="external_connection_unique"
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(system="Default"),
                name="external_connection_one_default",
            ),
            ExclusionConstraint(
                name="external_id_of_one_contact",
                expressions=[
                    ("external_id", RangeOperators.EQUAL),
                    ("contact", RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} of {self.contact_id}"


class PendingChannel(models.Model):
    """A new email or mobile that waits for its key (V1): at most one per contact and channel."""

    class Channel(models.TextChoices):
        EMAIL = "Email"
        MOBILE = "Mobile"

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="pending_channels")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    path = models.CharField(max_length=700)
    value = models.CharField(max_length=254)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey("contacts.App", null=True, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True, default="")
    change_request = models.ForeignKey(
        "changerequests.ChangeRequest", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # The keyed hash of the key that counts, and until when it does: by the database's clock.
    key_hash = models.BinaryField(null=True)
    key_expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    messages = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_message_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "channel"], name="pending_channel_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.contact_id}"
