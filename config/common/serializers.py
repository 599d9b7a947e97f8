"""Serializers that take request bodies as they are (rules Q4, D8): nothing is coerced or ignored.

DRF's serializers skip members that they do not know; these refuse them, with every error of the
body at once. Members are declared in Python's spelling (`page_size`) and travel in the contract's
(`pageSize`). The fields are in `config.common.fields`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField, empty

from config.common.exceptions import FieldError, fields_error

_MAX_ERRORS = 100
_MAX_NAME_LENGTH = 100


class StrictSerializer(serializers.Serializer[Any]):  # Any: never bound to an instance
    """The members of one JSON object; unknown ones are refused.

    `wire_names` in `Meta` gives the names that do not follow from Python's spelling. Use `parse`,
    or nest it as a field (a list of objects is a `StrictList` of it). A member that is missing,
    not required and without a default is missing in the result too.
    """

    default_error_messages = {"invalid": "The value must be an object."}

    @classmethod
    def parse(cls, data: object) -> dict[str, Any]:  # Any: by field
        """The members of `data` by their Python names.

        Raises BadRequest with `properties.errors`, one entry for every wrong member (the first
        100). Cheap: the fields are made once per class.
        """
        members: dict[str, Any] = _shared(cls).run_validation(data)  # Any: by field
        return members

    def get_fields(self) -> dict[str, Any]:  # Any: fields of every type
        """The declared fields under their wire names."""
        wire_names = getattr(getattr(self, "Meta", None), "wire_names", {})
        fields = {}
        for name, field in super().get_fields().items():
            wire_name = wire_names.get(name) or camel_case(name)
            if wire_name != name and field.source is None:
                field.source = name
            fields[wire_name] = field
        return fields

    def run_validation(self, data: Any = empty) -> Any:  # Any: DRF's signature
        """The validated members. The outermost serializer raises BadRequest, never DRF's error."""
        try:
            is_empty, data = self.validate_empty_values(data)
            return data if is_empty else self.to_internal_value(data)
        except ValidationError as error:
            if self.field_name is not None:  # nested
                raise
            errors = list(_flatten(error.detail, ""))
            raise fields_error(*errors[:_MAX_ERRORS]) from None

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: DRF's signature
        """The members by their Python names; all errors at once."""
        if type(data) is not dict:
            self.fail("invalid")
        members: dict[str, Any] = {}  # Any: by field
        errors: dict[str, Any] = {}  # Any: DRF nests errors as the data is nested
        for name, field in self._fields_by_name.items():
            try:
                members[field.source] = field.run_validation(data.get(name, empty))
            except SkipField:
                pass
            except ValidationError as error:
                errors[name] = error.detail
        for name in data.keys() - self._fields_by_name.keys():
            errors[name[:_MAX_NAME_LENGTH]] = _UNKNOWN
        if errors:
            raise ValidationError(errors)
        return members

    @property
    def _fields_by_name(self) -> dict[str, Any]:  # Any: fields of every type
        """Past DRF's wrapper, which costs a call for every access."""
        return self.fields.fields


_UNKNOWN = ValidationError("The member is not known.", code="unknown").detail


@cache
def _shared(serializer: type[StrictSerializer]) -> StrictSerializer:
    """One instance for all requests: validating keeps no state in it."""
    return serializer()


def camel_case(name: str) -> str:
    """`page_size` as `pageSize`."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _flatten(detail: Any, path: str) -> Iterator[FieldError]:  # Any: DRF's nested errors
    if isinstance(detail, dict):
        for name, nested in detail.items():
            yield from _flatten(nested, _joined(path, name))
    elif isinstance(detail, list):
        for nested in detail:
            yield from _flatten(nested, path)
    else:
        code = "".join(word.capitalize() for word in detail.code.split("_"))
        yield FieldError(path, code, str(detail))


def _joined(path: str, name: str | int) -> str:
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name
