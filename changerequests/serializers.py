"""Shapes of the change request operations. Inputs validate; outputs document."""

from rest_framework import serializers

from changerequests.conflicts import Take
from config.common.fields import StrictBoolean, StrictEnum, StrictInteger, StrictList, StrictString
from config.common.serializers import StrictSerializer
from contacts.serializers import (
    MAX_COMMENT_LENGTH,
    MAX_FILTER_ENTRIES,
    ChangeDetailOutput,
    MemberOutput,
)


class ConflictAnswerInput(StrictSerializer):
    """Which value wins at a path in conflict (C6)."""

    path = StrictString(max_length=1000)
    take = StrictEnum(Take)
    row_id = StrictString(required=False, allow_null=True, max_length=64)


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
        max_length=MAX_FILTER_ENTRIES,
    )


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


class ChangeRequestOutput(StrictSerializer):
    """One change request."""

    id = StrictInteger()
    uid = serializers.UUIDField()
    contact = ContactRefOutput()
    status = IdNameOutput()
    create_date = serializers.DateTimeField()
    initiator_member = MemberRefOutput(allow_null=True)
    initiator_comment = serializers.CharField(allow_null=True)
    review_date = serializers.DateTimeField(allow_null=True)
    review_member = MemberRefOutput(allow_null=True)
    review_comment = serializers.CharField(allow_null=True)
    details = ChangeDetailOutput(many=True)

    class Meta:
        wire_names = {"uid": "uId"}


class PendingRequestOutput(StrictSerializer):
    """The pending request, in short."""

    id = StrictInteger()
    initiator_member = MemberOutput(allow_null=True)
    created_date = serializers.DateTimeField()

    class Meta:
        ref_name = "PendingChangeRequest"


class PendingCheckOutput(StrictSerializer):
    """Whether a request is pending, and which."""

    has_pending_change_request = serializers.BooleanField()
    change_request = PendingRequestOutput(allow_null=True)
