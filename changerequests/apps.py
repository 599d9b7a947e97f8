from django.apps import AppConfig


class ChangeRequestsConfig(AppConfig):
    name = "changerequests"
    default_auto_field = "django.db.models.BigAutoField"
