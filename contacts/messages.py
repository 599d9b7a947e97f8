"""The messages that contacts get."""

from django.utils.translation import gettext_lazy as _

from config.common.outbox import Channel, MessageTemplate

_BOTH = (Channel.EMAIL, Channel.MOBILE)

CHANNEL_KEY = MessageTemplate("channelKey", _BOTH, ("key", "minutes"), _("Confirmation key"))
CHANNEL_CHANGED = MessageTemplate("channelChanged", _BOTH, (), _("Notice of a change"))
CHANNEL_REMOVED = MessageTemplate("channelRemoved", _BOTH, (), _("Notice of a removal"))
