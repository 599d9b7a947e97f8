"""Until a live server has nothing left to do."""

import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

from pytest_django.live_server_helper import LiveServer

from tests.factories.threads import TIMEOUT_SECONDS


def wait_until_served(live_server: LiveServer) -> None:
    """Until the server has dealt with every connection, also with those that were reset. Whoever
    asked must have closed them.
    """
    # Connections are taken in turn: once this one is answered, all before it have their threads.
    address = urlsplit(live_server.url)
    last = HTTPConnection(address.hostname or "", address.port)
    last.request("GET", "/health/live", headers={"Connection": "close"})
    assert last.getresponse().read()
    last.close()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(TIMEOUT_SECONDS)
            assert not thread.is_alive()
