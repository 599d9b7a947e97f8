"""Shapes of the contact operations. Inputs validate; outputs document what presenters build."""

from enum import StrEnum

from django.conf import settings
from rest_framework import serializers

from config.common.fields import (
    DateTimeField,
    JsonObject,
    StrictEnum,
    StrictInteger,
    StrictList,
    StrictString,
    StrictUuid,
)
from config.common.serializers import StrictSerializer

MAX_COMMENT_LENGTH = settings.MAX_COMMENT_LENGTH
MAX_FILTER_ENTRIES = 1000


class SortOrder(StrEnum):
    """The contract's sort orders."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class ContactCreateInput(StrictSerializer):
    """`memberUids` is an addition: who advises the contact."""

    contact_type_id = StrictInteger()
    username = StrictString(required=False, allow_null=True, allow_blank=True)
    details = JsonObject()
    correlation_id = StrictString(required=False, allow_null=True, min_length=1, max_length=255)
    member_uids = StrictList(
        child=StrictUuid(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )


class ContactCreatedOutput(StrictSerializer):
    """The new contact; `details` as they are stored."""

    id = StrictInteger()
    uid = serializers.UUIDField()
    details = JsonObject(allow_null=True)

    class Meta:
        wire_names = {"uid": "uId"}


class DetailsInput(StrictSerializer):
    """A change of details and why."""

    details = JsonObject()
    comment = StrictString(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_COMMENT_LENGTH
    )

    class Meta:
        ref_name = "ContactDetailsUpdate"


class DetailsOutput(StrictSerializer):
    """The details with their flags."""

    id = StrictInteger()
    has_pending_change_request = serializers.BooleanField()
    has_pending_email = serializers.BooleanField()
    has_pending_mobile = serializers.BooleanField()
    details = JsonObject()

    class Meta:
        ref_name = "ContactDetails"


class DetailsUpdateOutput(StrictSerializer):
    """What became of a change. `changeRequestId` is an addition: the request that holds it."""

    is_approval_required = serializers.BooleanField()
    has_pending_email = serializers.BooleanField()
    has_pending_mobile = serializers.BooleanField()
    change_request_id = StrictInteger(allow_null=True)

    class Meta:
        ref_name = "ContactDetailsUpdateResult"


class MembersInput(StrictSerializer):
    """Who shall advise the contact."""

    member_uids = StrictList(child=StrictUuid(), max_length=MAX_FILTER_ENTRIES)

    class Meta:
        ref_name = "ContactMembers"


class HistoryFilters(StrictSerializer):
    """What both searches of the history take; null means no filter, an empty array nothing (Q2)."""

    page = StrictInteger(required=False)
    page_size = StrictInteger(required=False)
    sort_order = StrictEnum(SortOrder, required=False)
    sort_by = StrictString(required=False, allow_null=True, allow_blank=True)
    execution_date_from = DateTimeField(required=False, allow_null=True)
    execution_date_to = DateTimeField(required=False, allow_null=True)
    paths = StrictList(
        child=StrictString(allow_blank=True, max_length=1000),
        required=False,
        allow_null=True,
        max_length=MAX_FILTER_ENTRIES,
    )


class HistorySearchInput(HistoryFilters):
    """Filters of the history; null means no filter, an empty array matches nothing (Q2)."""

    initiator_person_uids = StrictList(
        child=StrictUuid(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )


class HistorySearchV10Input(HistoryFilters):
    """The same with persons by their integer ids."""

    initiator_person_ids = StrictList(
        child=StrictInteger(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )


class MemberOutput(StrictSerializer):
    """A member as most answers name one."""

    uid = serializers.UUIDField()
    name = serializers.CharField()


class MemberByIdOutput(StrictSerializer):
    """A member as deprecated answers name one."""

    id = StrictInteger()
    name = serializers.CharField()


class AppOutput(StrictSerializer):
    """An app as history names it."""

    client_id = serializers.CharField()
    name = serializers.CharField()


class ChangeDetailOutput(StrictSerializer):
    """One changed leaf; values as people read them (D5)."""

    path = serializers.CharField()
    original_value = serializers.CharField(allow_null=True)
    target_value = serializers.CharField(allow_null=True)
    is_approval_required = serializers.BooleanField()


class ChangeSetOutput(StrictSerializer):
    """One applied submission. All from `app` on is an addition (H1)."""

    initiator_person = MemberOutput(allow_null=True)
    execution_date = serializers.DateTimeField()
    details = ChangeDetailOutput(many=True)
    app = AppOutput(allow_null=True)
    comment = serializers.CharField(allow_null=True)
    change_source = serializers.ChoiceField(
        ["Api", "BackOffice", "ChangeRequest", "Verification", "Import", "System", "Erasure"]
    )
    change_request_id = StrictInteger(allow_null=True)
    reviewer = MemberOutput(allow_null=True)

    class Meta:
        wire_names = {"change_source": "source"}


class HistoryPageOutput(StrictSerializer):
    """One page of the history."""

    results = ChangeSetOutput(many=True)
    page = StrictInteger()
    page_size = StrictInteger()
    page_count = StrictInteger()
    total_count = StrictInteger()


class ChangeSetV10Output(StrictSerializer):
    """One applied submission."""

    initiator_person = MemberByIdOutput(allow_null=True)
    execution_date = serializers.DateTimeField()
    details = ChangeDetailOutput(many=True)


class HistoryPageV10Output(StrictSerializer):
    """One page of the history."""

    results = ChangeSetV10Output(many=True)
    page = StrictInteger()
    page_size = StrictInteger()
    page_count = StrictInteger()
    total_count = StrictInteger()


class PastDetailsOutput(StrictSerializer):
    """Details as they were at a moment: which version that was, and since when."""

    id = StrictInteger()
    as_of = serializers.DateTimeField()
    version = StrictInteger()
    execution_date = serializers.DateTimeField()
    details = JsonObject()

    class Meta:
        ref_name = "ContactDetailsAsOf"
