from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel's views who a token's actor is."""
        from config.common.api import ACTOR_RESOLVER
        from contacts.selectors.access import actor_resolve

        ACTOR_RESOLVER.provide(actor_resolve)
