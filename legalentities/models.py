"""Legal entities: the second kind of target that details, history and approval serve (L1)."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from config.common.actors import Actor
from contacts.models import DetailsTarget


class LegalEntityQuerySet(models.QuerySet["LegalEntity"]):
    def visible_to(self, actor: Actor) -> Self:
        """Legal entities within reach (L3). Without links to contacts, which do not exist yet,
        they are for apps and for members that reach all contacts.
        """
        return self if actor.reaches_all_contacts else self.none()


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
