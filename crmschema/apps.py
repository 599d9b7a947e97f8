from django.apps import AppConfig


class CrmSchemaConfig(AppConfig):
    name = "crmschema"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Schemas hold nothing personal about contacts (N2)."""
        from config.common.privacy import without_personal_data

        without_personal_data(
            "Configuration: which fields there are, not what is in them.",
            (
                "crmschema.CrmSchema",
                "crmschema.CrmSchemaVersion",
                "crmschema.SchemaRebuild",
            ),
        )
        without_personal_data(
            "Ids of contacts with paths and rules, no values; removed after seven days.",
            ("crmschema.SchemaCheck",),
        )
