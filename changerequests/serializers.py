"""Shapes of the change request operations. Inputs validate; outputs document."""

from rest_framework import serializers

from changerequests.conflicts import Take
from config.common.fields import (
    DateTimeField,
    ExactString,
    StrictBoolean,
    StrictEnum,
    StrictInteger,
    StrictList,
    StrictString,
    StrictUuid,
)
from config.common.serializers import StrictSerializer
from contacts.serializers import (
    MAX_COMMENT_LENGTH,
    MAX_FILTER_ENTRIES,
    ChangeDetailOutput,
    MemberByIdOutput,
    MemberOutput,
    SortOrder,
)

# About as many as a body has room for.
MAX_ANSWERS = 10_000


class ConflictAnswerInput(StrictSerializer):
    """Which value wins at a path in conflict (C6). With `currentValue`, as the 409 gave it, the
    answer counts only as long as the reviewer would be shown the same.
    """

    path = StrictString(max_length=1000)
    take = StrictEnum(Take)
    row_id = StrictString(required=False, allow_null=True, max_length=64)
    current_value = ExactString(required=False, allow_null=True, allow_blank=True)


class ReviewInput(StrictSerializer):
    """A decision. `conflicts` is an addition: answers to a 409 `ChangeRequestConflict`."""

    is_approved = StrictBoolean()
    comment = StrictString(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_COMMENT_LENGTH
    )
    conflicts = StrictList(
        child=ConflictAnswerInput(),
        required=False,
        allow_null=True,
        max_length=MAX_ANSWERS,
    )


class _RequestSearchInput(StrictSerializer):
    """Filters of change requests; null means no filter, an empty array matches nothing (Q2)."""

    page = StrictInteger(required=False)
    page_size = StrictInteger(required=False)
    sort_order = StrictEnum(SortOrder, required=False)
    sort_by = StrictString(required=False, allow_null=True, allow_blank=True)
    exclude_hierarchy = StrictBoolean(required=False)
    status_id = StrictInteger(required=False, allow_null=True)
    create_date_from = DateTimeField(required=False, allow_null=True)
    create_date_to = DateTimeField(required=False, allow_null=True)
    contact_ids = StrictList(
        child=StrictInteger(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )
    review_date_from = DateTimeField(required=False, allow_null=True)
    review_date_to = DateTimeField(required=False, allow_null=True)
    paths = StrictList(
        child=StrictString(allow_blank=True, max_length=1000),
        required=False,
        allow_null=True,
        max_length=MAX_FILTER_ENTRIES,
    )


class RequestSearchInput(_RequestSearchInput):
    """The search of change requests: people by uid."""

    initiator_member_uids = StrictList(
        child=StrictUuid(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )
    review_member_uids = StrictList(
        child=StrictUuid(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )

    class Meta:
        ref_name = "ChangeRequestSearch"


class RequestSearchV10Input(_RequestSearchInput):
    """The deprecated search: people by id."""

    initiator_member_ids = StrictList(
        child=StrictInteger(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )
    review_member_ids = StrictList(
        child=StrictInteger(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )

    class Meta:
        ref_name = "ChangeRequestSearchV10"


class IdNameOutput(StrictSerializer):
    """A localised name with its id."""

    id = StrictInteger()
    name = serializers.CharField()


class StatusesOutput(StrictSerializer):
    """All statuses, in the language of the answer."""

    change_request_statuses = IdNameOutput(many=True)

    class Meta:
        ref_name = "ChangeRequestStatuses"


class ContactRefOutput(StrictSerializer):
    """A contact as change requests name it."""

    id = StrictInteger()
    uid = serializers.UUIDField()
    name = serializers.CharField()

    class Meta:
        wire_names = {"uid": "uId"}


class MemberRefOutput(StrictSerializer):
    """A member as a single change request names one: `uId`, unlike elsewhere."""

    uid = serializers.UUIDField()
    name = serializers.CharField()

    class Meta:
        ref_name = "MemberByUId"
        wire_names = {"uid": "uId"}


class _RequestOutput(StrictSerializer):
    """What every version shows of a change request; by whom, they say differently."""

    id = StrictInteger()
    uid = serializers.UUIDField()
    contact = ContactRefOutput()
    status = IdNameOutput()
    create_date = serializers.DateTimeField()
    initiator_comment = serializers.CharField(allow_null=True)
    review_date = serializers.DateTimeField(allow_null=True)
    review_comment = serializers.CharField(allow_null=True)
    details = ChangeDetailOutput(many=True)


class ChangeRequestOutput(_RequestOutput):
    """One change request."""

    initiator_member = MemberRefOutput(allow_null=True)
    review_member = MemberRefOutput(allow_null=True)

    class Meta:
        wire_names = {"uid": "uId"}


class ChangeRequestV10Output(_RequestOutput):
    """One change request, members by id."""

    initiator_member = MemberByIdOutput(allow_null=True)
    review_member = MemberByIdOutput(allow_null=True)

    class Meta:
        wire_names = {"uid": "uId"}


class _RequestRowOutput(StrictSerializer):
    """A change request in a page of results."""

    id = StrictInteger()
    contact = ContactRefOutput()
    status = IdNameOutput()
    create_date = serializers.DateTimeField()
    review_date = serializers.DateTimeField(allow_null=True)


class RequestRowOutput(_RequestRowOutput):
    """A change request in a page of results."""

    initiator_member = MemberOutput(allow_null=True)
    review_member = MemberOutput(allow_null=True)

    class Meta:
        ref_name = "ChangeRequestRow"


class RequestRowV10Output(_RequestRowOutput):
    """A change request in a page of results, members by id."""

    initiator_member = MemberByIdOutput(allow_null=True)
    review_member = MemberByIdOutput(allow_null=True)

    class Meta:
        ref_name = "ChangeRequestRowV10"


class _PageOutput(StrictSerializer):
    """One page of results, with what was effective."""

    page = StrictInteger()
    page_size = StrictInteger()
    page_count = StrictInteger()
    total_count = StrictInteger()


class RequestPageOutput(_PageOutput):
    """One page of change requests."""

    results = RequestRowOutput(many=True)

    class Meta:
        ref_name = "ChangeRequestPage"


class RequestPageV10Output(_PageOutput):
    """One page of change requests, members by id."""

    results = RequestRowV10Output(many=True)

    class Meta:
        ref_name = "ChangeRequestPageV10"


class _PendingRequestOutput(StrictSerializer):
    """The pending request, in short."""

    id = StrictInteger()
    created_date = serializers.DateTimeField()


class PendingRequestOutput(_PendingRequestOutput):
    """The pending request, in short."""

    initiator_member = MemberOutput(allow_null=True)

    class Meta:
        ref_name = "PendingChangeRequest"


class PendingCheckOutput(StrictSerializer):
    """Whether a request is pending, and which."""

    has_pending_change_request = serializers.BooleanField()
    change_request = PendingRequestOutput(allow_null=True)


class PendingRequestV10Output(_PendingRequestOutput):
    """The pending request, in short, its initiator by id."""

    initiator_member = MemberByIdOutput(allow_null=True)

    class Meta:
        ref_name = "PendingChangeRequestV10"


class PendingCheckV10Output(StrictSerializer):
    """Whether a request is pending, and which."""

    has_pending_change_request = serializers.BooleanField()
    change_request = PendingRequestV10Output(allow_null=True)
