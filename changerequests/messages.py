"""The emails that members get about change requests. They name no client and no value: emails
travel and lie about in the clear.
"""

from django.utils.translation import gettext_lazy as _

from config.common.outbox import Channel, MessageTemplate

REQUEST_MADE = MessageTemplate(
    "changeRequestMade", (Channel.EMAIL,), ("number", "initiator", "link"), _("New change request")
)
REQUEST_WAITS = MessageTemplate(
    "changeRequestWaits",
    (Channel.EMAIL,),
    ("number", "initiator", "days", "link"),
    _("Reminder of a change request"),
)
REQUEST_DECIDED = MessageTemplate(
    "changeRequestDecided",
    (Channel.EMAIL,),
    ("number", "outcome", "link"),
    _("Decision on a change request"),
)
