from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangeRequestsConfig(AppConfig):
    name = "changerequests"
    verbose_name = "Change requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have requests follow their schema (C7), say where they hold personal data (N2) and which
        emails they send.
        """
        from changerequests.messages import REQUEST_DECIDED, REQUEST_MADE, REQUEST_WAITS
        from changerequests.personal_data import CHANGE_REQUESTS
        from changerequests.selectors.list_uses import requests_with_item
        from changerequests.selectors.requests import change_request_list
        from changerequests.services import change_requests_supersede, change_requests_touched
        from config.common.audited_kinds import AUDITED_KINDS, AuditedKind
        from config.common.outbox import MESSAGE_TEMPLATES
        from config.common.privacy import PERSONAL_DATA
        from crmschema.registry import PENDING_REQUESTS, SCHEMA_SAVED
        from lists.registry import ITEM_USES, ItemUseCounter

        SCHEMA_SAVED.register(change_requests_supersede)
        PENDING_REQUESTS.provide(change_requests_touched)
        PERSONAL_DATA.register(CHANGE_REQUESTS)
        for template in (REQUEST_MADE, REQUEST_WAITS, REQUEST_DECIDED):
            MESSAGE_TEMPLATES.register(template)
        AUDITED_KINDS.register(
            AuditedKind("changeRequest", lambda actor: change_request_list(actor=actor))
        )
        ITEM_USES.register(ItemUseCounter(_("Pending change requests"), requests_with_item))
