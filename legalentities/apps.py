from django.apps import AppConfig


class LegalEntitiesConfig(AppConfig):
    name = "legalentities"
    default_auto_field = "django.db.models.BigAutoField"
