"""What is known of contacts that were erased (N2)."""

from collections.abc import Collection

from contacts.erased_ids import id_hash
from contacts.models import ErasedExternalId


def is_erased_external_id(external_id: str) -> bool:
    """Whether a contact with this id in the system `Default` was anonymised: an import of it fails
    with ContactAnonymized (N2).
    """
    return ErasedExternalId.objects.filter(id_hash=id_hash(external_id)).exists()


def erased_external_ids(external_ids: Collection[str]) -> set[str]:
    """Those of the ids that were erased: one statement, for the chunks of an import."""
    by_hash = {id_hash(external_id): external_id for external_id in external_ids}
    found = ErasedExternalId.objects.filter(id_hash__in=list(by_hash)).values_list(
        "id_hash", flat=True
    )
    return {by_hash[bytes(each)] for each in found}
