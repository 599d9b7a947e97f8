"""Forms of the back office for lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lists.models import ListItem
from lists.selectors import list_item_descends_from
from lists.services import ListItemValues


class ListItemForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """Checks what the service would refuse, so that it shows beside the field."""

    class Meta:
        model = ListItem
        fields = ("list", "key", "labels", "parent", "custom_attributes", "position", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on as they come
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].help_text = "Empty: at the end, or where the item is."

    def clean_parent(self) -> ListItem | None:
        """Refuse a parent below the item; the service asks again under its locks."""
        parent: ListItem | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and list_item_descends_from(parent.pk, self.instance.pk):
            raise ValidationError("The item would be its own ancestor.")
        return parent

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
