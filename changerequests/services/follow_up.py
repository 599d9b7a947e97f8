"""Requests that nobody decides: reminders, and an end after a set time. Both are off by default."""

import re
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from changerequests.messages import REQUEST_WAITS
from changerequests.models import ChangeRequest
from changerequests.selectors.reviewers import reviewers_of
from changerequests.services.notices import members_write
from changerequests.services.requests import change_request_end
from config.common.actors import SYSTEM
from config.common.db import atomic

_EXPIRED = "Cancelled by the system: nobody decided within {} day{}."
# Texts of before say "1 days".
_WRITTEN = re.compile(re.escape(_EXPIRED).replace(r"\{\}", r"(\d+)", 1).replace(r"\{\}", "s?"))
# So long may one run take; what is left then is the next one's.
LONGEST_SECONDS = 100


def change_requests_remind() -> int:
    """Remind those who may decide of each request that has waited for CHANGE_REQUEST_REMINDER_DAYS;
    once. Returns how many were reminded of. Locks as `reviewers_notify` does.
    """
    days = settings.CHANGE_REQUEST_REMINDER_DAYS
    return _for_each(days, _remind_of_next) if days > 0 else 0


def change_requests_expire() -> int:
    """Cancel each request that has waited for CHANGE_REQUEST_EXPIRY_DAYS, and write that with it
    and in its audit event. Returns how many. Locks as `reviewers_notify` does; one that is being
    decided is left to its reviewer.
    """
    days = settings.CHANGE_REQUEST_EXPIRY_DAYS
    return _for_each(days, _expire_next) if days > 0 else 0


def expired_comment(days: int) -> str:
    """What is written with a request that nobody decided in so many days."""
    return _EXPIRED.format(days, "" if days == 1 else "s")


def days_until_expiry(comment: str) -> int | None:
    """The days that `expired_comment` names; None of what a person wrote."""
    written = _WRITTEN.fullmatch(comment)
    return None if written is None else int(written[1])


def _for_each(days: int, act: Callable[[int], bool]) -> int:
    end, done = monotonic() + LONGEST_SECONDS, 0
    while monotonic() < end and act(days):
        done += 1
    return done


@atomic()
def _remind_of_next(days: int) -> bool:
    request = _waiting(days).select_related("initiator").filter(reminded_at__isnull=True).first()
    if request is None:
        return False
    parameters = {"initiator": request.initiator.name, "days": days}
    members_write(request, reviewers_of(request), REQUEST_WAITS, parameters)
    request.reminded_at = timezone.now()
    request.save(update_fields=["reminded_at"])
    return True


@atomic()
def _expire_next(days: int) -> bool:
    request = _waiting(days).first()
    if request is None:
        return False
    change_request_end(SYSTEM, request, ChangeRequest.Status.CANCELLED, expired_comment(days))
    return True


def _waiting(days: int) -> QuerySet[ChangeRequest]:
    """Locked, oldest first, but for those that somebody is at."""
    locked = ChangeRequest.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    past = Now() - timedelta(days=days)
    pending = locked.filter(status=ChangeRequest.Status.PENDING, created_at__lte=past)
    return pending.order_by("created_at", "pk")
