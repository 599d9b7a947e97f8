"""The kernel as a Django app: it owns the tables that belong to no domain app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "config.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check what views declare against the access matrix (A1); watch sign-in attempts."""
        from django.core.checks import register

        from config.common import sign_in  # noqa: F401 - connects its receiver
        from config.common.checks import check_operations

        register(check_operations)
