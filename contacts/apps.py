from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel's views who a token's actor is, its outbox what contacts are told, and
        where personal data is (N2); count who holds an item (S6).
        """
        from config.common.api import ACTOR_RESOLVER
        from config.common.audited_kinds import AUDITED_KINDS, AuditedKind
        from config.common.outbox import MESSAGE_TEMPLATES
        from contacts import personal_data
        from contacts.documents import CONTACT_DOCUMENTS, writes_mark
        from contacts.messages import CHANNEL_CHANGED, CHANNEL_KEY, CHANNEL_REMOVED
        from contacts.selectors.access import actor_resolve, contacts_reached
        from contacts.selectors.list_uses import contacts_with_item
        from crmschema.registry import DOCUMENT_SOURCES, WRITES_MARK
        from lists.registry import ITEM_USES, ItemUseCounter

        ACTOR_RESOLVER.provide(actor_resolve)
        DOCUMENT_SOURCES.register(CONTACT_DOCUMENTS)
        WRITES_MARK.provide(writes_mark)
        MESSAGE_TEMPLATES.register(CHANNEL_KEY)
        MESSAGE_TEMPLATES.register(CHANNEL_CHANGED)
        MESSAGE_TEMPLATES.register(CHANNEL_REMOVED)
        personal_data.register()
        AUDITED_KINDS.register(AuditedKind("contact", contacts_reached))
        ITEM_USES.register(ItemUseCounter(_("Contacts"), contacts_with_item))
