"""The kernel as a Django app: it owns the tables that belong to no domain app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "config.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"
