"""System checks of the API's views: what they declare must fit the access matrix (rule A1)."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from config.common.access import ACCESS
from config.common.api import ApiView
from config.common.routes import api_routes


def check_operations(**options: Any) -> list[CheckMessage]:  # Any: Django's signature
    """Errors for operations that the matrix lacks or that a view declares by half."""
    return [problem for _, view in api_routes() for problem in view_problems(view)]


def view_problems(view: type[ApiView]) -> Iterator[CheckMessage]:
    """What is wrong with the declarations of one view."""
    for method, operation in view.operations.items():
        if operation not in ACCESS:
            yield Error(
                f"The access matrix lacks the operation {operation}.",
                hint="Add it to config.common.access.ACCESS.",
                obj=view,
                id="common.E001",
            )
        if not hasattr(view, method) or method not in view.outputs:
            yield Error(
                f"The operation {operation} lacks a handler or an output.",
                hint=f"Define {method}() and declare outputs[{method!r}].",
                obj=view,
                id="common.E002",
            )
