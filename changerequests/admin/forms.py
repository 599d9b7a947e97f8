"""What a reviewer sends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changerequests.conflicts import ConflictAnswer, Take
from changerequests.selectors.review import RequestReview
from changerequests.services import Review

TAKE_PREFIX = "take:"
SEEN_PREFIX = "seen:"
TAKE_ALL = "take_all"
SEEN_ALL = "seen_all"
# A form has two fields for each choice, and Django takes so many in all; the rest is for others.
MOST_CHOICES = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS // 2 - 50
APPROVE, REJECT = "approve", "reject"
_TAKES = frozenset(take.value for take in Take)


class CommentField(forms.CharField):
    """Browsers send each line break as two characters, and count it as one."""

    def to_python(self, value: Any) -> Any:  # Any: Django's signature
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class DecisionForm(forms.Form):
    """Approve or reject, with a comment that a rejection must have (C8)."""

    decision = forms.ChoiceField(choices=[(APPROVE, _("Approve")), (REJECT, _("Reject"))])
    comment = CommentField(required=False, max_length=settings.MAX_COMMENT_LENGTH)

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        data = super().clean() or {}
        is_rejection = data.get("decision") == REJECT
        if is_rejection and "comment" not in self.errors and not data.get("comment"):
            raise ValidationError(
                {"comment": gettext("Say why: the person who asked will read it.")}
            )
        return data

    def review(self, answers: Sequence[ConflictAnswer], language: str) -> Review:
        """The decision as the service takes it; expects a valid form. Only an approval answers
        conflicts.
        """
        is_approved = self.cleaned_data["decision"] == APPROVE
        return Review(
            is_approved=is_approved,
            comment=self.cleaned_data["comment"] or None,
            conflicts=answers if is_approved else (),
            language=language,
        )


def answers_of(data: QueryDict) -> list[ConflictAnswer]:
    """The answers to conflicts, from fields named `take:<row id>:<path>`, each with what its reader
    saw, from the field beside it; what is no answer is left out, so that it stays open.
    """
    answers = []
    for name, value in data.items():
        place = name.removeprefix(TAKE_PREFIX)
        row_id, separator, path = place.rpartition(":")
        if name.startswith(TAKE_PREFIX) and separator and value in _TAKES:
            seen = data.get(f"{SEEN_PREFIX}{place}")
            answers.append(ConflictAnswer(path, Take(value), row_id or None, seen))
    return answers


def answers_to_all(data: QueryDict, review: RequestReview) -> list[ConflictAnswer]:
    """One answer for all conflicts, where they are too many for a form that asks about each. None
    when they are no longer those that the reader saw; each counts for the value that stands in
    `review`, should it move once more.
    """
    take = data.get(TAKE_ALL)
    if take not in _TAKES or data.get(SEEN_ALL) != review.conflicts_digest:
        return []
    return [
        ConflictAnswer(each.path, Take(take), each.row_id, each.current_digest)
        for each in review.conflicts
    ]
