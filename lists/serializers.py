"""Shapes of the list operations. Inputs validate; outputs document."""

from rest_framework import serializers

from config.common.fields import StrictBoolean, StrictInteger, StrictList, StrictString
from config.common.serializers import StrictSerializer
from lists.selectors.lookup import MAX_FILTER_LENGTH, MAX_LIMIT

_MAX_LIST_KEYS = 1_000
_MAX_KEY_LENGTH = 64


class ListSearchInput(StrictSerializer):
    """A lookup (S7). `includeKey` is an addition: clients store keys."""

    filter = StrictString(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_FILTER_LENGTH
    )
    limit = StrictInteger(required=False, allow_null=True, minimum=0, maximum=MAX_LIMIT)
    include_id = StrictInteger(required=False, allow_null=True)
    include_key = StrictString(required=False, allow_null=True, max_length=_MAX_KEY_LENGTH)
    is_filtered_by_hierarchy = StrictBoolean(required=False, allow_null=True)
    hierarchy_list_item_id = StrictInteger(required=False, allow_null=True)

    class Meta:
        ref_name = "ListSearch"


class ListItemOutput(StrictSerializer):
    """An item in the language of the answer."""

    id = StrictInteger()
    uid = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not the field's title
    key = serializers.CharField()
    custom_attributes = serializers.CharField(allow_null=True, help_text="JSON text")

    class Meta:
        ref_name = "ListItem"


class ListSearchOutput(StrictSerializer):
    """The first matches, and how many there are."""

    items = ListItemOutput(many=True)
    total_count = StrictInteger()

    class Meta:
        ref_name = "ListSearchResult"


class ListItemsInput(StrictSerializer):
    """The lists wanted; none means all (Q2)."""

    list_keys = StrictList(
        child=StrictString(max_length=_MAX_KEY_LENGTH),
        required=False,
        allow_null=True,
        max_length=_MAX_LIST_KEYS,
    )

    class Meta:
        ref_name = "ListItemsQuery"


class ItemsOfListOutput(StrictSerializer):
    """One list with its items."""

    list_key = serializers.CharField()
    list_items = ListItemOutput(many=True)

    class Meta:
        ref_name = "ItemsOfList"


class ListItemsOutput(StrictSerializer):
    """The lists asked for."""

    items = ItemsOfListOutput(many=True)

    class Meta:
        ref_name = "ListItems"
