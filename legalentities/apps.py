from django.apps import AppConfig


class LegalEntitiesConfig(AppConfig):
    name = "legalentities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Legal entities are no contacts (N2); their details are checked with their schema (S4)."""
        from config.common.privacy import without_personal_data
        from crmschema.registry import DOCUMENT_SOURCES
        from legalentities.documents import LEGAL_ENTITY_DOCUMENTS

        DOCUMENT_SOURCES.register(LEGAL_ENTITY_DOCUMENTS)
        without_personal_data(
            "Firms, not contacts. Persons in their details are corrected in these details.",
            ("legalentities.LegalEntity",),
        )
