"""What scripts of the back office ask for: JSON in and out, refusals as the API answers them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.common.exceptions import BadRequest, DomainError, ErrorKind, PayloadTooLarge
from config.common.handlers import error_response
from config.common.json import dumps, parse_strict

JsonView = Callable[..., object]


def json_page(view: JsonView, method: str) -> Callable[..., HttpResponse]:
    """A view for one method (405 else) whose result is sent as JSON; never cached.

    What a service refuses is answered as `ApiError`; failures of ours go on.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: from paths
        try:
            found = view(request, *args, **kwargs)
        except DomainError as error:
            if error.kind is ErrorKind.GENERAL:
                raise
            return error_response(error)
        return HttpResponse(dumps(found), content_type="application/json")

    return never_cache(require_http_methods([method])(answer))


def posted_object(request: HttpRequest, *, limit: int) -> dict[str, Any]:  # Any: a JSON document
    """The JSON object that was posted, of at most `limit` bytes.

    Read past Django's own limit, which is that of forms. Raises PayloadTooLarge, BadRequest.
    """
    data = request.read(limit + 1)
    if len(data) > limit:
        raise PayloadTooLarge
    body = parse_strict(data)
    if not isinstance(body, dict):
        raise BadRequest("The body must be an object.")
    return body
