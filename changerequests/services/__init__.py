"""Submissions of details, and the requests that wait for a second person."""

from changerequests.services.requests import change_request_cancel
from changerequests.services.review import Review, change_request_review
from changerequests.services.submission import (
    Submission,
    SubmissionResult,
    details_submit,
    details_submit_unlocked,
)
from changerequests.services.supersede import (
    change_requests_supersede,
    change_requests_touched,
)

__all__ = [
    "Review",
    "Submission",
    "SubmissionResult",
    "change_request_cancel",
    "change_request_review",
    "change_requests_supersede",
    "change_requests_touched",
    "details_submit",
    "details_submit_unlocked",
]
