"""Serializer fields that take a JSON value of exactly their type (rules C8, D8, Q2).

DRF's own turn `1` into `"1"`, and `"7"` and `7.0` into 7; these refuse. Their messages
never repeat the value. What they accept is what drf-spectacular reads from them.
"""

import re
import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.common.dates import parse_datetime
from config.common.text import is_storable, normalize

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class StrictInteger(serializers.IntegerField):
    """A JSON integer of 32 or 64 bit: no text, no `1.0`, no `true`."""

    default_error_messages = {
        "invalid": "The value must be an integer.",
        "range": "The value must be between {minimum} and {maximum}.",
    }

    def __init__(
        self,
        *,
        bits: int = 32,
        minimum: int | None = None,
        maximum: int | None = None,
        **options: Any,  # Any: DRF's options
    ) -> None:
        super().__init__(**options)
        limit = 2 ** (bits - 1)
        self.minimum = -limit if minimum is None else minimum
        self.maximum = limit - 1 if maximum is None else maximum
        bounds = {"minimum": minimum, "maximum": maximum}
        stated = {name: bound for name, bound in bounds.items() if bound is not None}
        set_override(self, "field", {"type": "integer", "format": f"int{bits}", **stated})

    def to_internal_value(self, data: Any) -> int:  # Any: a JSON value
        """The integer itself."""
        # A bool is an int to isinstance.
        if type(data) is not int:
            self.fail("invalid")
        if not self.minimum <= data <= self.maximum:
            self.fail("range", minimum=self.minimum, maximum=self.maximum)
        return data


class StrictBoolean(serializers.BooleanField):
    """A JSON boolean (rule C8)."""

    default_error_messages = {"invalid": "The value must be true or false."}

    def to_internal_value(self, data: Any) -> bool:  # Any: a JSON value
        """The boolean itself."""
        if type(data) is not bool:
            self.fail("invalid")
        return data


class StrictString(serializers.CharField):
    """A JSON string in NFC; blanks are kept as they are. Empty only with `allow_blank`."""

    default_error_messages = {
        "invalid": "The value must be a text.",
        "character": "The text holds a character that cannot be stored.",
    }

    def __init__(self, **options: Any) -> None:  # Any: DRF's options
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:  # Any: a JSON value
        """The text in NFC."""
        if type(data) is not str:
            self.fail("invalid")
        if not is_storable(data):
            self.fail("character")
        return self.normalized(data)

    def normalized(self, text: str) -> str:
        """The form that is passed on."""
        return normalize(text)


class ExactString(StrictString):
    """A JSON string as it was sent, for texts that another Unicode form makes other ones."""

    def normalized(self, text: str) -> str:
        """The text itself."""
        return text


class DateTimeField(serializers.DateTimeField):
    """A date-time by rule Q2; the value is aware and in UTC."""

    default_error_messages = {"invalid": "The value must be an ISO 8601 date-time."}

    def to_internal_value(self, data: Any) -> datetime:  # Any: a JSON value
        """The moment, in UTC."""
        if type(data) is not str:
            self.fail("invalid")
        try:
            return parse_datetime(data)
        except ValueError:
            self.fail("invalid")


class StrictUuid(serializers.UUIDField):
    """A UUID in its hyphenated form, upper or lower case."""

    default_error_messages = {"invalid": "The value must be a UUID."}

    def to_internal_value(self, data: Any) -> uuid.UUID:  # Any: a JSON value
        """The UUID."""
        if type(data) is not str or not _UUID.fullmatch(data):
            self.fail("invalid")
        return uuid.UUID(data)


class StrictEnum(serializers.ChoiceField):
    """One of the names of `enum`, spelled exactly."""

    default_error_messages = {"invalid_choice": "The value is not one of the known names."}

    def __init__(
        self,
        enum: type[StrEnum],
        *,
        component: str | None = None,
        **options: Any,  # Any: DRF's options
    ) -> None:
        self.enum = enum
        # The name that the API document gives the enum.
        self.component = component or enum.__name__
        super().__init__([member.value for member in enum], **options)

    def to_internal_value(self, data: Any) -> StrEnum:  # Any: a JSON value
        """The member of the enum."""
        if type(data) is not str or data not in self.choices:
            self.fail("invalid_choice")
        return self.enum(data)


class StrictList(serializers.ListField):
    """A JSON array of what `child` takes; its errors name the element."""

    default_error_messages = {"not_a_list": "The value must be an array."}

    def to_internal_value(self, data: Any) -> list[Any]:  # Any: JSON values, and what child makes
        """The elements; all errors at once."""
        if type(data) is not list:
            self.fail("not_a_list")
        values: list[Any] = []  # Any: what child makes
        errors: dict[Any, Any] = {}  # Any: DRF's nested errors
        for index, element in enumerate(data):
            try:
                values.append(self.child.run_validation(element))
            except ValidationError as error:
                errors[index] = error.detail
        if errors:
            raise ValidationError(errors)
        return values


class JsonObject(serializers.JSONField):
    """Any JSON object, passed on untouched: `details`, which their own schema judges."""

    default_error_messages = {"invalid": "The value must be an object."}

    def __init__(self, **options: Any) -> None:  # Any: DRF's options
        super().__init__(**options)
        set_override(self, "field", {"type": "object", "additionalProperties": True})

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: JSON values
        """The object itself."""
        if type(data) is not dict:
            self.fail("invalid")
        return data
