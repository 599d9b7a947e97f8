"""The kernel as a Django app: it owns the tables that belong to no domain app."""

from django.apps import AppConfig

# Models of Django and of packages, which hold nothing personal about contacts (N2).
_WITHOUT_PERSONAL_DATA = {
    "Members, their rights and how they sign in: persons of the firm, not contacts.": (
        "auth.Permission",
        "auth.Group",
        "auth.Group_permissions",
        "contenttypes.ContentType",
        "oauth2_provider.Grant",
        "oauth2_provider.AccessToken",
        "oauth2_provider.RefreshToken",
        "oauth2_provider.IDToken",
        "oauth2_provider.DeviceGrant",
        "axes.AccessAttempt",
        "axes.AccessAttemptExpiration",
        "axes.AccessFailureLog",
        "axes.AccessLog",
    ),
    "A session says which member is signed in; pages put nothing of contacts into it.": (
        "sessions.Session",
    ),
    "Nothing writes it: the back office keeps the audit log instead of Django's.": (
        "admin.LogEntry",
    ),
}


class CommonConfig(AppConfig):
    name = "config.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check what views declare against the access matrix (A1); watch sign-in attempts."""
        from django.core.checks import register

        from config.common import sign_in  # noqa: F401 - connects its receiver
        from config.common.checks import check_operations
        from config.common.privacy import without_personal_data

        register(check_operations)
        for reason, models in _WITHOUT_PERSONAL_DATA.items():
            without_personal_data(reason, models)
