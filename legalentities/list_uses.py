"""How many legal entities hold an item of a list (S6)."""

from crmschema.list_uses import HoldsItem, fields_of_list
from legalentities.models import LegalEntity

_SCHEMA = "legalentity"


def legal_entities_with_item(list_key: str, item_key: str) -> int:
    """The legal entities, within reach or not, whose details hold the item."""
    fields = fields_of_list(list_key).get(_SCHEMA)
    if fields is None:
        return 0
    return LegalEntity.objects.filter(HoldsItem(fields, item_key)).count()
