"""The stores of personal data in the reader's language. A store without texts shows its own."""

from django.utils.translation import gettext_lazy as _

STORES = {
    "contact": _("Details, name and username"),
    "history": _("History"),
    "externalConnections": _("External ids"),
    "pendingChannels": _("Emails and mobiles that wait"),
    "messages": _("Messages"),
    "answersForRetries": _("Answers kept for retries"),
    "auditEvents": _("Reasons in the audit log"),
    "changeRequests": _("Change requests"),
    "picture": _("Pictures"),
}

KEPT = {
    "contact": _("Id, uid, type, dates, and values that the schema marks as not personal."),
    "history": _("Which fields were changed when, by whom and on whose approval; no values."),
    "externalConnections": _(
        "A keyed hash of the id that imports use, so that none brings it back."
    ),
    "pendingChannels": _("Nothing."),
    "messages": _("That a message of a kind was sent, and when."),
    "answersForRetries": _("That a request was answered, for 24 hours."),
    "auditEvents": _("Who did what and when, and the reason of this erasure."),
    "changeRequests": _("Who asked and who decided; a pending request ends as cancelled."),
    "picture": _("Nothing."),
}
