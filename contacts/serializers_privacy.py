"""Shapes of the operations on privacy: anonymising, retention, subject access, audit."""

from django.conf import settings
from rest_framework import serializers

from config.common.fields import (
    DateTimeField,
    StrictEnum,
    StrictInteger,
    StrictList,
    StrictString,
    StrictUuid,
)
from config.common.serializers import StrictSerializer
from contacts.serializers import (
    MAX_FILTER_ENTRIES,
    AppOutput,
    MemberOutput,
    SortOrder,
)


class AnonymizeInput(StrictSerializer):
    """Contacts by id, by uid, or both. `reason`, kept in the audit log, is an addition."""

    contact_ids = StrictList(child=StrictInteger(), required=False, allow_null=True)
    contact_uids = StrictList(child=StrictUuid(), required=False, allow_null=True)
    reason = StrictString(
        required=False, allow_null=True, allow_blank=True, max_length=settings.MAX_COMMENT_LENGTH
    )

    class Meta:
        ref_name = "Anonymize"
        wire_names = {"contact_uids": "contactUIds"}


class AnonymizationOutput(StrictSerializer):
    """A large request at work: so many contacts in all, done, and left out because they must be
    kept since it was accepted.
    """

    anonymization_id = serializers.UUIDField()
    status = serializers.ChoiceField(["Running", "Finished"])
    total_count = StrictInteger()
    anonymized_count = StrictInteger()
    retained_contact_ids = StrictList(child=StrictInteger())
    created_date = serializers.DateTimeField()
    finished_date = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "Anonymization"


class RetentionInput(StrictSerializer):
    """Until when a contact must be kept, null for no longer, and why."""

    retain_until = DateTimeField(allow_null=True)
    reason = StrictString(max_length=settings.MAX_COMMENT_LENGTH)

    class Meta:
        ref_name = "ContactRetention"


class RecipientsOutput(StrictSerializer):
    """Who can read what is held on a contact."""

    adviser_uids = StrictList(child=StrictUuid())
    manager_uids = StrictList(child=StrictUuid())
    reader_of_all_uids = StrictList(child=StrictUuid())
    apps = StrictList(child=serializers.CharField())

    class Meta:
        ref_name = "PersonalDataRecipients"


class StoreOutput(StrictSerializer):
    """What one store holds; `data` depends on the store."""

    name = serializers.CharField()
    kept_after_erasure = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]  # a property of bound serializers

    class Meta:
        ref_name = "PersonalDataStore"


class PersonalDataOutput(StrictSerializer):
    """Everything that is held on a contact."""

    contact_id = StrictInteger()
    generated_at = serializers.DateTimeField()
    recipients = RecipientsOutput()
    stores = StoreOutput(many=True)

    class Meta:
        ref_name = "PersonalData"


def _names() -> StrictList:
    return StrictList(
        child=StrictString(max_length=255),
        required=False,
        allow_null=True,
        max_length=MAX_FILTER_ENTRIES,
    )


class AuditSearchInput(StrictSerializer):
    """Filters of the audit log; null means no filter, an empty array matches nothing."""

    page = StrictInteger(required=False)
    page_size = StrictInteger(required=False)
    sort_order = StrictEnum(SortOrder, required=False)
    sort_by = StrictString(required=False, allow_null=True, allow_blank=True)
    create_date_from = DateTimeField(required=False, allow_null=True)
    create_date_to = DateTimeField(required=False, allow_null=True)
    member_uids = StrictList(
        child=StrictUuid(), required=False, allow_null=True, max_length=MAX_FILTER_ENTRIES
    )
    client_ids = _names()
    operations = _names()
    object_types = _names()
    object_ids = _names()
    correlation_ids = _names()

    class Meta:
        ref_name = "AuditSearch"


class AuditEventOutput(StrictSerializer):
    """An accepted write: who did what to which object. Names of fields, never values."""

    id = StrictInteger(bits=64)
    create_date = serializers.DateTimeField()
    member = MemberOutput(allow_null=True)
    app = AppOutput(allow_null=True)
    operation = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    changed_fields = StrictList(child=serializers.CharField())
    reason = serializers.CharField(allow_null=True)
    correlation_id = serializers.CharField()

    class Meta:
        ref_name = "AuditEvent"
        wire_names = {"changed_fields": "fields"}


class AuditPageOutput(StrictSerializer):
    """One page of the audit log."""

    results = AuditEventOutput(many=True)
    page = StrictInteger()
    page_size = StrictInteger()
    page_count = StrictInteger()
    total_count = StrictInteger()
