"""How deprecated operations say so: since when (RFC 9745), and what to use instead (F4)."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse


def mark_deprecated(
    response: HttpResponse, successor: str, parameters: Mapping[str, object]
) -> None:
    """Add the headers to an answer. `successor` is an address with the names of path parameters in
    braces, `/v1.1/contacts/{contact_id}/…`, which take the values of this request.
    """
    address = successor.format_map(parameters)
    response.headers["Deprecation"] = f"@{settings.DEPRECATED_SINCE}"
    response.headers["Link"] = f'<{address}>; rel="successor-version"'
