"""Mail servers and gateways of our own: what they were given, and how they answer."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest


@dataclass
class MailServer:
    """A mail server. `refusals` answer instead of success, by command, until they are taken out."""

    port: int = 0
    emails: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)


class _Conversation(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        state: MailServer = self.server.state
        self._say("220 here")
        for line in self.rfile:
            words = line.decode().split()
            command = words[0].upper() if words else ""
            if command in state.refusals:
                self._say(state.refusals[command])
            elif command == "RCPT":
                state.recipients.append(line.decode().split("<")[1].split(">")[0])
                self._say("250 fine")
            elif command == "DATA":
                self._say("354 go on")
                state.emails.append(self._text())
                self._say(state.refusals.get("END", "250 taken"))
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _text(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode())
        return "".join(lines)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server for a while."""
    state = MailServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.daemon_threads = True
        server.state = state  # type: ignore[attr-defined]  # read by the conversations
        state.port = server.server_address[1]
        with _serving(server):
            yield state


@dataclass
class Gateway:
    """A gateway for short messages: its answers in order, 200 when there are none left."""

    url: str = ""
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    promised_bytes: int = 0
    """Of a body that never comes."""


class _Request(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        state: Gateway = self.server.state
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        state.requests.append((dict(self.headers), body))
        self.send_response(state.answers.pop(0) if state.answers else 200)
        self.send_header("Content-Length", str(state.promised_bytes))
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Silent."""


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway for a while."""
    state = Gateway()
    with HTTPServer(("127.0.0.1", 0), _Request) as server:
        server.state = state  # type: ignore[attr-defined]  # read by the requests
        state.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
        with _serving(server):
            yield state


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


EMAIL_PROVIDER = "config.common.outbox.providers.email.EmailProvider"
GATEWAY_PROVIDER = "config.common.outbox.providers.gateway.GatewayProvider"
FILE_PROVIDER = "config.common.outbox.providers.files.FileProvider"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[MailServer]:
    """Emails go to a mail server of our own."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 600
        settings.DEFAULT_FROM_EMAIL = "Firm <firm@example.com>"
        settings.MESSAGE_PROVIDERS = {**settings.MESSAGE_PROVIDERS, "Email": EMAIL_PROVIDER}
        yield server


@pytest.fixture
def sms_gateway(settings: Any) -> Iterator[Gateway]:
    """Short messages go to a gateway of our own."""
    with gateway() as server:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TIMEOUT_SECONDS = server.url, 600
        settings.MESSAGE_PROVIDERS = {**settings.MESSAGE_PROVIDERS, "Mobile": GATEWAY_PROVIDER}
        yield server
