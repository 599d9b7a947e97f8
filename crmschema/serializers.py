"""Shapes of the schema operations. Inputs validate; outputs document."""

from rest_framework import serializers

from config.common.fields import (
    ExactString,
    StrictEnum,
    StrictInteger,
    StrictList,
    StrictString,
    StrictUuid,
)
from config.common.serializers import StrictSerializer
from crmschema.compiler.model import Alias, FieldType, LayoutType
from crmschema.evolution import ChangeKind, Effect
from crmschema.models import SchemaCheck

_MAX_KEYS = 1000
_MAX_PATH_LENGTH = 1000


class CrmSchemaOutput(StrictSerializer):
    """A schema. The JSON Schema is derived from it."""

    id = StrictInteger()
    key = serializers.CharField()
    schema = serializers.CharField(help_text="JSON text: the schema components")
    json_schema = serializers.CharField(
        help_text="JSON text: the derived JSON Schema, draft 2020-12"
    )
    concurrency_token = StrictInteger(bits=64)


class CrmSchemaUpdateInput(StrictSerializer):
    """The next version of a schema. A JSON Schema is never stored: null, the current or the newly
    derived one passes (S1). `acceptedCheck` is an addition: a finished check of the same token and
    text, whose findings are accepted (S4).
    """

    schema = StrictString(allow_null=True, allow_blank=True)
    # Its patterns name spaces, and NFC makes other spaces of some.
    json_schema = ExactString(required=False, allow_null=True, allow_blank=True)
    concurrency_token = StrictInteger(bits=64)
    accepted_check = StrictUuid(required=False, allow_null=True)


class ConcurrencyTokenOutput(StrictSerializer):
    """The token that the next save names."""

    concurrency_token = StrictInteger(bits=64)


class JsonSchemaOutput(StrictSerializer):
    """A JSON Schema as JSON text."""

    json_schema = serializers.CharField()


class ToggleHiddenOutput(StrictSerializer):
    """The value of the field `when`, as text, that turns `isHidden` round."""

    when = serializers.CharField()
    eq = serializers.CharField()


class LayoutElementOutput(StrictSerializer):
    """A container, grid or pure layout element."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract's name
    field_type = StrictEnum(LayoutType, component="LayoutFieldType")
    parent_key = serializers.CharField(allow_null=True)
    tooltip = serializers.CharField(allow_null=True)
    is_hidden = serializers.BooleanField()
    is_label_hidden = serializers.BooleanField()
    toggle_hidden = ToggleHiddenOutput(allow_null=True)


class LayoutMetadataOutput(StrictSerializer):
    """Layout elements, parents before children."""

    fields = LayoutElementOutput(many=True)  # type: ignore[assignment]  # the contract's name


class FieldsMetadataQueryInput(StrictSerializer):
    """Which fields: by exact paths without indexes, by the layout element they stand in."""

    field_keys = StrictList(
        child=StrictString(max_length=_MAX_PATH_LENGTH, allow_blank=True),
        required=False,
        allow_null=True,
        max_length=_MAX_KEYS,
    )
    layout_path_key = StrictString(
        required=False, allow_null=True, allow_blank=True, max_length=_MAX_PATH_LENGTH
    )


class LayoutPathOutput(StrictSerializer):
    """A layout element that a field stands in."""

    label = serializers.CharField()  # type: ignore[assignment]  # the contract's name
    key = serializers.CharField()


class ValidationsOutput(StrictSerializer):
    """What values must keep to, beside their type."""

    min_length = StrictInteger(allow_null=True)
    max_length = StrictInteger(allow_null=True)
    regular_expression = serializers.CharField(allow_null=True)
    min_date = serializers.DateTimeField(allow_null=True)
    max_date = serializers.DateTimeField(allow_null=True)
    min_value = serializers.FloatField(allow_null=True)
    max_value = serializers.FloatField(allow_null=True)
    decimal = StrictInteger(allow_null=True)


class FieldOutput(StrictSerializer):
    """An input element; `layoutPath` names the outermost layout element first."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract's name
    field_type = StrictEnum(FieldType, component="InputFieldType")
    list_key = serializers.CharField(allow_null=True)
    list_hierarchy_filter_key = serializers.CharField(allow_null=True)
    is_read_only = serializers.BooleanField()
    is_array_item = serializers.BooleanField()
    tooltip = serializers.CharField(allow_null=True)
    layout_path = LayoutPathOutput(many=True)
    placeholder = serializers.CharField(allow_null=True)
    is_required = serializers.BooleanField()
    is_approval_required = serializers.BooleanField()
    is_hidden = serializers.BooleanField()
    validations = ValidationsOutput()
    toggle_hidden = ToggleHiddenOutput(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    alias = StrictEnum(Alias, component="FieldAlias", allow_null=True)


class FieldsMetadataOutput(StrictSerializer):
    """Input elements in the order of the schema."""

    fields = FieldOutput(many=True)  # type: ignore[assignment]  # the contract's name


class SchemaCheckStartInput(StrictSerializer):
    """What would be saved, and over which version."""

    schema = StrictString(allow_null=True, allow_blank=True)
    concurrency_token = StrictInteger(bits=64)


class SchemaCheckIdOutput(StrictSerializer):
    """A check that has been started."""

    check_id = serializers.UUIDField()


class ProgressOutput(StrictSerializer):
    """Documents examined, and how many there are."""

    checked = StrictInteger()
    total = StrictInteger()


class SchemaChangeOutput(StrictSerializer):
    """One difference between two versions of a schema. `before` and `after` are null where nothing
    was or is set; `path` is empty for the schema as a whole.
    """

    path = serializers.CharField(allow_blank=True)
    previous_path = serializers.CharField(allow_null=True)
    kind = StrictEnum(ChangeKind, component="SchemaChangeKind")
    effect = StrictEnum(Effect, component="SchemaChangeEffect")
    attribute = serializers.CharField(allow_null=True)
    before = serializers.JSONField()
    after = serializers.JSONField()
    text = serializers.CharField()


class FindingOutput(StrictSerializer):
    """So many targets of a kind (`contact` or `legalEntity`) stand against the schema with a rule
    at a path; `ids` are the first 20.
    """

    kind = serializers.CharField()
    path = serializers.CharField()
    rule = serializers.CharField()
    count = StrictInteger()
    ids = StrictList(child=StrictInteger())

    class Meta:
        ref_name = "SchemaFinding"


class RequestsTouchedOutput(StrictSerializer):
    """Pending change requests: those that a save would end, and those that change what it tightens
    or removes. `ids` are the first 20.
    """

    count = StrictInteger()
    ids = StrictList(child=StrictInteger())


class ColumnChangeOutput(StrictSerializer):
    """A column of exports that comes, goes or means something else."""

    path = serializers.CharField()
    change = serializers.ChoiceField(["Added", "Removed", "Changed"])


class SchemaCheckOutput(StrictSerializer):
    """A check: `changes` and `exportColumns` are there at once, `findings` grow while it runs."""

    check_id = serializers.UUIDField()
    status = serializers.ChoiceField(SchemaCheck.Status.values)
    concurrency_token = StrictInteger(bits=64)
    progress = ProgressOutput()
    is_breaking = serializers.BooleanField()
    changes = SchemaChangeOutput(many=True)
    findings = FindingOutput(many=True)
    superseded_requests = RequestsTouchedOutput()
    affected_requests = RequestsTouchedOutput()
    export_columns = ColumnChangeOutput(many=True)
    create_date = serializers.DateTimeField()
    finish_date = serializers.DateTimeField(allow_null=True)
