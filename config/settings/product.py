"""The numbers and names that the product's rules leave to a setting, with their defaults."""

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

# Usernames and external connections.
USERNAME_COUPLED_WITH_EMAIL = False
EXTERNAL_SYSTEMS = ["Default", "Cbs", "Sso"]

# Verification of emails and mobiles: keys, what may be tried and sent, and how often.
VERIFICATION_KEY_MINUTES = 10
VERIFICATION_ATTEMPTS = 5
VERIFICATION_RESEND_PAUSE_SECONDS = 60
VERIFICATION_RESENDS = 5
VERIFICATION_VALUES_PER_DAY = 5
# Not more than these to one address, whichever contacts it is to belong to: what one value can get.
VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR = 1 + VERIFICATION_RESENDS

# Retries: how long an answer is kept for its idempotency key.
IDEMPOTENCY_KEY_HOURS = 24

# The largest bodies, by kind of operation.
MAX_BODY_BYTES = 1 * MEBIBYTE
MAX_SCHEMA_BODY_BYTES = 4 * MEBIBYTE
MAX_PICTURE_BODY_BYTES = 8 * MEBIBYTE
MAX_UPLOAD_BYTES = 512 * MEBIBYTE
MAX_JSON_DEPTH = 32
MAX_SCHEMA_JSON_DEPTH = 100

# Profile pictures: what is taken, and what is kept of it. A stored file that no contact has is
# removed when it is older than any request can be at work.
MAX_PICTURE_BYTES = 5 * MEBIBYTE
MAX_PICTURE_PIXELS = 24_000_000
PICTURE_SIDE = 1024
PICTURE_ORPHAN_HOURS = 6

# The longest reason for a change or a decision.
MAX_COMMENT_LENGTH = 2000

# Paging.
DEFAULT_PAGE_SIZE = 25
MAX_PAGE_SIZE = 200

# Token requests cost a password hash: so many per client and minute, so many per address.
TOKEN_THROTTLE = {"per_client_per_minute": 60, "per_address_per_minute": 120}

# When the operations that have a successor became deprecated: 2026-01-01, in Unix time.
DEPRECATED_SINCE = 1_767_225_600

# Anonymising: so many contacts in one transaction, answered at once; up to so many as a job.
MAX_CONTACTS_AT_ONCE = 500
MAX_CONTACTS_PER_REQUEST = 10_000
