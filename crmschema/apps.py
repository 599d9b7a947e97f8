from django.apps import AppConfig


class CrmSchemaConfig(AppConfig):
    name = "crmschema"
    default_auto_field = "django.db.models.BigAutoField"
