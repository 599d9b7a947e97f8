"""What a reviewer sends."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changerequests.conflicts import Take
from changerequests.services import Review

MAX_COMMENT_LENGTH = 2000
TAKE_PREFIX = "take:"
APPROVE, REJECT = "approve", "reject"


class DecisionForm(forms.Form):
    """Approve or reject, with a comment that a rejection must have (C8)."""

    decision = forms.ChoiceField(choices=[(APPROVE, _("Approve")), (REJECT, _("Reject"))])
    comment = forms.CharField(required=False, max_length=MAX_COMMENT_LENGTH)

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        data = super().clean() or {}
        is_rejection = data.get("decision") == REJECT
        if is_rejection and "comment" not in self.errors and not data.get("comment"):
            raise ValidationError(
                {"comment": gettext("Say why: the person who asked will read it.")}
            )
        return data

    def review(self, takes: Mapping[str, Take], language: str) -> Review:
        """The decision as the service takes it; expects a valid form. Only an approval answers
        conflicts.
        """
        is_approved = self.cleaned_data["decision"] == APPROVE
        return Review(
            is_approved=is_approved,
            comment=self.cleaned_data["comment"] or None,
            conflicts=takes if is_approved else {},
            language=language,
        )


def takes_of(data: QueryDict) -> dict[str, Take]:
    """The answers to conflicts by path; what is no answer is left out, so that it stays open."""
    known = {take.value for take in Take}
    return {
        name.removeprefix(TAKE_PREFIX): Take(value)
        for name, value in data.items()
        if name.startswith(TAKE_PREFIX) and value in known
    }
