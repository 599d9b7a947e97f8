from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalEntitiesConfig(AppConfig):
    name = "legalentities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Legal entities are no contacts (N2); their details are checked with their schema (S4) and
        hold items of lists (S6).
        """
        from config.common.privacy import without_personal_data
        from crmschema.registry import DOCUMENT_SOURCES
        from legalentities.documents import LEGAL_ENTITY_DOCUMENTS
        from legalentities.list_uses import legal_entities_with_item
        from lists.registry import ITEM_USES, ItemUseCounter

        DOCUMENT_SOURCES.register(LEGAL_ENTITY_DOCUMENTS)
        without_personal_data(
            "Firms, not contacts. Persons in their details are corrected in these details.",
            ("legalentities.LegalEntity",),
        )
        ITEM_USES.register(ItemUseCounter(_("Legal entities"), legal_entities_with_item))
