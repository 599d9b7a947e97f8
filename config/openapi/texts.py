"""The texts around the operations."""

from config.openapi.model import Node

CHANGE_REQUESTS = "Change requests"
CONTACTS = "Contacts"
VERIFICATION = "Communication verification"
PRIVACY = "Privacy"
PROFILE_PICTURES = "Profile pictures"
SCHEMAS_AND_LISTS = "CRM schemas and lists"

TAGS: list[Node] = [
    {"name": CHANGE_REQUESTS, "description": "Changes that wait for a second person."},
    {"name": CONTACTS, "description": "Clients: their details, advisers and history."},
    {"name": VERIFICATION, "description": "New emails and mobiles, confirmed by a key."},
    {"name": PROFILE_PICTURES, "description": "Pictures of contacts."},
    {"name": SCHEMAS_AND_LISTS, "description": "What details may hold, and the lists they use."},
    {"name": PRIVACY, "description": "Erasure, retention, right of access, audit log."},
]

_DESCRIPTION = """\
Client data with approval by a second person and full history.

Every operation needs an access token of POST /connect/token in the Authorization header. Only \
this document (/openapi.json) and the two pages that show it (/docs/ and /redoc/) are public.

Answers are localised: the query parameter language wins over Accept-Language, unknown languages \
fall back, and Content-Language names what was answered in.

Every failed request answers ApiError. A method that an address does not have answers 405 with \
Allow; an unknown address below /v1.0 and /v1.1 answers 401 without a token and 404 with one. HEAD \
is answered wherever GET is. What is out of the caller's reach answers as what does not exist.

Request bodies are JSON in UTF-8. Members that the operation does not name are refused, and so are \
duplicate members, numbers that are not finite, and more than 32 levels.

A write that carries Idempotency-Key can be sent again for 24 hours without taking effect twice."""

INFO: Node = {"title": "Client services", "version": "1.1", "description": _DESCRIPTION}
