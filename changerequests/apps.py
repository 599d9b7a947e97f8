from django.apps import AppConfig


class ChangeRequestsConfig(AppConfig):
    name = "changerequests"
    verbose_name = "Change requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have requests follow their schema (C7)."""
        from changerequests.services import change_requests_supersede
        from crmschema.registry import SCHEMA_SAVED

        SCHEMA_SAVED.register(change_requests_supersede)
