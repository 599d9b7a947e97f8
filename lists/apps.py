from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lists hold nothing personal about contacts (N2)."""
        from config.common.privacy import without_personal_data

        without_personal_data(
            "Configuration: what values there are, not who has them.",
            (
                "lists.List",
                "lists.ListItem",
                "lists.ListItemLabel",
                "lists.ListImport",
            ),
        )
