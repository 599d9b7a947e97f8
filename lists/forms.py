"""Forms of the back office for lists."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from lists.models import List, ListItem
from lists.selectors import list_item_descends_from
from lists.services import ListItemValues, list_item_values
from lists.validators import LABEL_MAX_LENGTH, validate_labels

_OTHER = "other_labels"


class _OptionalJson(forms.JSONField):
    """Empty where there is nothing, not `null`."""

    def prepare_value(self, value: Any) -> Any:  # Any: JSON values
        return "" if value is None else super().prepare_value(value)


class _LabelsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """One field for each language's label, and one for those beyond; `cleaned_data["labels"]` has
    all. Checks what the service would refuse, so that it shows beside the field.
    """

    other_labels = _OptionalJson(
        label=_("Further labels"),
        help_text=_('Labels in other languages by their tag, as JSON: {"it": "…"}'),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        labels = dict(self.instance.labels or {})
        for language, _name in settings.LANGUAGES:
            self.initial.setdefault(_field_of(language), labels.pop(language, ""))
        self.initial.setdefault(_OTHER, labels or None)

    @staticmethod
    def label_fields() -> list[str]:
        """The names of the fields for labels, in the order of the settings."""
        return [*(_field_of(language) for language, _name in settings.LANGUAGES), _OTHER]

    def clean(self) -> dict[str, Any]:  # Any: Django's own shape
        """All labels together, by the rules of one row."""
        data: dict[str, Any] = super().clean() or self.cleaned_data  # Any: Django's own shape
        other = data.get(_OTHER) or {}
        if not isinstance(other, dict):
            raise ValidationError({_OTHER: _("The labels are no texts by language.")})
        own = {
            language: text
            for language, _name in settings.LANGUAGES
            if (text := data.get(_field_of(language), "").strip())
        }
        data["labels"] = {**other, **own}
        if _field_of(settings.LANGUAGE_CODE) not in self.errors:
            try:
                validate_labels(data["labels"])
            except ValidationError as error:
                self.add_error(_OTHER, error)
        return data


def _field_of(language: str) -> str:
    return f"label_{language.replace('-', '_')}"


for _language, _language_name in settings.LANGUAGES:
    _label = forms.CharField(
        label=format_lazy("{} ({})", _("Label"), _language_name),
        required=_language == settings.LANGUAGE_CODE,
        max_length=LABEL_MAX_LENGTH,
        widget=UnfoldAdminTextInputWidget,
    )
    _LabelsForm.base_fields[_field_of(_language)] = _label
    _LabelsForm.declared_fields[_field_of(_language)] = _label


class ListItemForm(_LabelsForm):
    """An item. A parent below it is refused here; the service asks again under its locks. It takes
    along what the reader has seen, so that nobody overwrites what they have not.
    """

    seen_values = forms.JSONField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ListItem
        fields = ("list", "key", "parent", "custom_attributes", "position")
        # Here, since models have English names only; read-only fields take them too.
        labels: ClassVar = {
            "list": _("List"),
            "key": _("Key"),
            "parent": _("Parent"),
            "custom_attributes": _("Custom attributes"),
            "position": _("Position"),
        }
        help_texts: ClassVar = {
            "parent": _("May be an item of another list: a state's parent is its country.")
        }
        field_classes = {"custom_attributes": _OptionalJson}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("seen_values", list_item_values(self.instance))
        # Django's own for the fields of the model; none of them is there for a reader.
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].help_text = _("Empty: at the end, or where the item is.")

    def clean_parent(self) -> ListItem | None:
        """Refuse a parent below the item; the service asks again under its locks."""
        parent: ListItem | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and list_item_descends_from(parent.pk, self.instance.pk):
            raise ValidationError(_("The item would be its own ancestor."))
        return parent

    def seen(self) -> Mapping[str, object] | None:
        """The values that the form was filled with; None where it does not say."""
        seen: Mapping[str, object] | None = self.cleaned_data.get("seen_values")
        return seen

    def values(self) -> ListItemValues:
        """The cleaned values as the services take them."""
        data: dict[str, Any] = self.cleaned_data  # Any: Django's own shape
        parent = data["parent"]
        return ListItemValues(
            labels=data["labels"],
            parent_id=parent.pk if parent else None,
            custom_attributes=data["custom_attributes"],
            position=data["position"],
        )


class ListForm(_LabelsForm):
    """A list: what it is called. It takes along what the reader has seen, so that nobody overwrites
    what they have not.
    """

    seen_labels = forms.JSONField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = List
        fields = ("key",)
        labels: ClassVar = {"key": _("Key"), "revision": _("Revision")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen_labels", self.instance.labels)

    def seen(self) -> Mapping[str, object]:
        """The labels that the form was filled with; none where it does not say."""
        seen = self.cleaned_data["seen_labels"]
        return seen if isinstance(seen, dict) else {}
