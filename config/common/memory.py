"""How a process that serves requests treats what it has loaded."""

import gc

from django.urls import get_resolver


def keep_loaded() -> None:
    """Load what requests will need and leave it out of all garbage collections from now on.

    A full collection walks over everything that was loaded, 200,000 objects and more: a pause of
    0.1 s in the middle of somebody's request, about once in a hundred. Called once, at the end of a
    process's start; what comes later is collected as ever.
    """
    # Reading the patterns imports all views, which Django would leave to the first request.
    get_resolver().url_patterns  # noqa: B018 - a property that loads
    gc.collect()
    gc.freeze()
