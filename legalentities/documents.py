"""Stored documents of legal entities as the check of a schema reads them (S4)."""

from contacts.documents import Documents
from contacts.targets import LEGAL_ENTITY

LEGAL_ENTITY_SCHEMA = "legalentity"

LEGAL_ENTITY_DOCUMENTS = Documents(LEGAL_ENTITY, f"%s::text = '{LEGAL_ENTITY_SCHEMA}'").source(
    "legalEntity"
)
