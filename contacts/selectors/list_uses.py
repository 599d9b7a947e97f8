"""How many contacts hold an item of a list (S6)."""

from django.db.models import Q

from contacts.models import Contact
from crmschema.list_uses import HoldsItem, fields_of_list


def contacts_with_item(list_key: str, item_key: str) -> int:
    """The contacts, within reach or not, whose details hold the item. Reads every document of the
    schemas that use the list: the caller bounds the time.
    """
    holding = Q(pk__in=())
    for schema_key, fields in fields_of_list(list_key).items():
        of_schema = Q(contact_type__schema__key=schema_key)
        holding |= of_schema & Q(HoldsItem(fields, item_key))
    return Contact.objects.filter(holding).count()
