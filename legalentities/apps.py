from django.apps import AppConfig


class LegalEntitiesConfig(AppConfig):
    name = "legalentities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Legal entities are no contacts (N2)."""
        from config.common.privacy import without_personal_data

        without_personal_data(
            "Firms, not contacts. Persons in their details are corrected in these details.",
            ("legalentities.LegalEntity",),
        )
