"""What django-axes counts and keeps of sign-in attempts (rules AD-08, N2)."""

from collections.abc import Mapping
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

# As wide as the column that stores it; no member's login is nearly as long.
MAX_COUNTED_LENGTH = 255


def counted_username(
    request: HttpRequest,
    credentials: Mapping[str, Any] | None = None,  # Any: whatever a backend takes
) -> str:
    """The login that an attempt counts for: cut, so that one of any length is merely wrong."""
    values: Mapping[str, Any] = request.POST if credentials is None else credentials
    return str(values.get("username") or "")[:MAX_COUNTED_LENGTH].replace("\x00", "")


@receiver(pre_save, sender=AccessAttempt)
def forget_what_was_sent(instance: AccessAttempt, **arguments: object) -> None:
    """Keep of an attempt only what the lock-out needs: forms hold client secrets, addresses
    whatever somebody put there.
    """
    instance.get_data = instance.post_data = ""


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None,
    credentials: Mapping[str, Any] | None,  # Any: as above
) -> HttpResponse:
    """The page that says so: 429, with `Retry-After` as every answer of that status (F2)."""
    seconds = str(int(get_cool_off().total_seconds()))
    answer = render(request, "admin/locked_out.html", status=429)
    answer.headers["Retry-After"] = seconds
    return answer


def purge_attempts() -> int:
    """Remove attempts that no longer lock anybody out; gives their number."""
    past = timezone.now() - get_cool_off()
    count, _ = AccessAttempt.objects.filter(attempt_time__lt=past).delete()
    return int(count)
