"""Where `contacts` keeps personal data: what is erased, and what subject access hands out (N2)."""

from config.common.privacy import PERSONAL_DATA, without_personal_data
from contacts.personal_data.contacts import CONTACT_STORE, REQUESTED_CHANNELS, SYSTEM_IDS
from contacts.personal_data.history import HISTORY_STORE
from contacts.personal_data.messages import MESSAGES_STORE
from contacts.personal_data.pictures import PICTURE_STORE
from contacts.personal_data.records import ANSWERS_STORE, REASONS_STORE

STORES = (
    CONTACT_STORE,
    HISTORY_STORE,
    SYSTEM_IDS,
    REQUESTED_CHANNELS,
    PICTURE_STORE,
    MESSAGES_STORE,
    ANSWERS_STORE,
    REASONS_STORE,
)

_EXCEPTIONS = {
    "Persons of the firm and the programs that it uses, not contacts.": (
        "contacts.Member",
        "contacts.Member_groups",
        "contacts.Member_user_permissions",
        "contacts.MemberClosure",
        "contacts.App",
        "contacts.App_contact_types",
    ),
    "Configuration.": ("contacts.ContactType",),
    "Ids only: who advises which contact stays, so that the anonymised contact keeps its reach.": (
        "contacts.ContactAssignment",
        "contacts.ContactReach",
    ),
    "What an erasure leaves on purpose: keyed hashes and ids, and who erased, when and why.": (
        "contacts.ErasedExternalId",
        "contacts.Anonymisation",
        "contacts.AnonymisationItem",
    ),
}


def register() -> None:
    """Fill the registry; called once, by `AppConfig.ready()`."""
    for store in STORES:
        PERSONAL_DATA.register(store)
    for reason, models in _EXCEPTIONS.items():
        without_personal_data(reason, models)
