"""The document and its pages as they are served: public, and nothing from another host."""

import re
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, Page

from config.openapi.committed import COMMITTED

PAGES = {"/docs/": ".opblock-summary-path", "/redoc/": "h1"}


def test_served_document_is_the_committed_one() -> None:
    answer = Client().get("/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.content == COMMITTED.read_bytes()


def test_document_is_sent_once() -> None:
    tag = Client().get("/openapi.json").headers["ETag"]

    answer = Client().get("/openapi.json", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("path", ["/openapi.json", *PAGES])
def test_f2_document_and_pages_are_only_read(path: str) -> None:
    answer = Client().post(path)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json()["code"] == "MethodNotAllowed"


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_a_strict_policy_and_only_own_files(path: str) -> None:
    answer = Client().get(path)

    page, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "unsafe" not in policy
    assert "script-src 'self';" in f"{policy};"
    assert "default-src 'none'" in policy
    assert re.findall(r"""(?:src|href)=["'](?!/static/)""", page) == []
    assert re.findall(r"<script>|<style|style=", page) == []


def test_styles_of_redoc_need_a_fresh_nonce() -> None:
    first, second = (Client().get("/redoc/") for _ in range(2))

    nonces = [
        re.search(r"'nonce-([^']+)'", each.headers["Content-Security-Policy"])[1]
        for each in (first, second)
    ]
    assert nonces[0] != nonces[1]
    assert f'data-style-nonce="{nonces[0]}"' in first.content.decode()


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    """A server of the product without a database, which the pages do not need."""
    with ThreadedWSGIServer(("127.0.0.1", 0), _QuietHandler) as server:
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize(("path", "landmark"), PAGES.items())
def test_pages_render_without_errors_or_foreign_requests(
    address: str, browser_page: Page, path: str, landmark: str
) -> None:
    problems: list[str] = []
    requests: list[str] = []
    browser_page.on("console", lambda message: problems.append(message.text))
    browser_page.on("pageerror", lambda error: problems.append(str(error)))
    browser_page.on("request", lambda request: requests.append(request.url))

    browser_page.goto(address + path)
    browser_page.wait_for_selector(landmark)
    browser_page.wait_for_load_state("networkidle")

    assert "Approve or reject a pending change request" in browser_page.inner_text("body")
    assert problems == []
    assert [each for each in requests if not each.startswith(f"{address}/")] == []
