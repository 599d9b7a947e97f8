"""The routes of the API as the URL configuration has them, and what their parameters can be."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver
from django.urls.converters import StringConverter

from config.common.api import ApiView


class AnyTextConverter(StringConverter):
    """The rest of an address, whatever it holds: slashes and line ends too."""

    regex = r"(?s:.+)"


def api_routes() -> Iterator[tuple[str, type[ApiView]]]:
    """Every route of a REST view with the view's class, in the order of the configuration."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, type[ApiView]]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, route)
            continue
        view = getattr(pattern.callback, "cls", None)
        if isinstance(view, type) and issubclass(view, ApiView):
            yield route, view
