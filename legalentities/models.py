"""Legal entities: the second kind of target that details, history and approval serve (L1)."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from config.common.actors import Actor
from contacts.models import DetailsTarget


class LegalEntityQuerySet(models.QuerySet["LegalEntity"]):
    def visible_to(self, actor: Actor) -> Self:
        """The legal entities within the actor's reach (L3)."""
        return self.filter(entity_within_reach(actor))


def entity_within_reach(actor: Actor) -> models.Q:
    """The condition that a legal entity, or a row that names one, is within the actor's reach (L3).

    Without links to contacts, which do not exist yet, they are for apps and for members that reach
    all contacts. Where none is within reach a query knows it without asking the database.
    """
    return models.Q() if actor.reaches_all_contacts else models.Q(pk__in=())


class LegalEntity(DetailsTarget):
    """A legal entity; its details follow the schema `legalentity`."""

    objects = LegalEntityQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                OpClass(models.F("display_name_folded"), name="gin_trgm_ops"),
                name="legal_entity_name_trigram",
            ),
        ]
        permissions = [("export_legalentity", "Can export legal entities")]
        verbose_name_plural = "legal entities"
