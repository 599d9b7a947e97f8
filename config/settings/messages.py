"""Messages to people: which providers send them, and how long they are tried and kept."""

from config import env

FILE_PROVIDER = "config.common.outbox.providers.files.FileProvider"
MISSING_PROVIDER = "config.common.outbox.providers.MissingProvider"

# How messages name us, and at which address people reach us: links lead there.
FIRM_NAME = env.text("FIRM_NAME", "Client Services")
PUBLIC_URL = env.text("PUBLIC_URL", "").rstrip("/")

# Emails: Django's own settings, from EMAIL_URL.
_EMAIL = env.email()
EMAIL_HOST = _EMAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _EMAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "client-services@localhost")

# Short messages: one POST for each.
SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL", "")
SMS_GATEWAY_HEADERS = env.text_object("SMS_GATEWAY_HEADERS")
SMS_GATEWAY_BODY = env.text(
    "SMS_GATEWAY_BODY", '{"to": "{recipient}", "text": "{text}", "id": "{messageId}"}'
)
SMS_GATEWAY_TIMEOUT_SECONDS = env.number("SMS_GATEWAY_TIMEOUT_SECONDS", 10)

MESSAGE_PROVIDERS = {
    "Email": "config.common.outbox.providers.email.EmailProvider" if _EMAIL else MISSING_PROVIDER,
    "Mobile": (
        "config.common.outbox.providers.gateway.GatewayProvider"
        if SMS_GATEWAY_URL
        else MISSING_PROVIDER
    ),
}

# A message that is not sent by then is given up; a key has a shorter time of its own.
OUTBOX_LIFETIME_HOURS = 72
# Attempts: 5, 10, 20 … seconds apart, never more than a quarter of an hour.
OUTBOX_FIRST_PAUSE_SECONDS = 5
OUTBOX_LONGEST_PAUSE_SECONDS = 900
# How long the list of messages remembers one, without its content.
OUTBOX_KEPT_DAYS = 30

# Change requests that nobody decides: reviewers are reminded after so many days, and after so many
# the system cancels them. 0 is never.
CHANGE_REQUEST_REMINDER_DAYS = env.number("CHANGE_REQUEST_REMINDER_DAYS", 0)
CHANGE_REQUEST_EXPIRY_DAYS = env.number("CHANGE_REQUEST_EXPIRY_DAYS", 0)
