"""Which address a request counts for, behind proxies too."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from config import env
from config.common.client_address import client_address


def address(peer: str, forwarded: str | None = None) -> str:
    meta = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(RequestFactory().get("/", **meta))


def test_nobody_is_believed_by_default() -> None:
    assert address("10.0.0.1", "203.0.113.9") == "10.0.0.1"
    assert address("") == ""


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("::ffff:10.0.0.1", "fe80::1%zone", "fe80::1"),
    ],
)
def test_proxies_of_ours_name_the_client(
    settings: Any, peer: str, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]

    assert address(peer, forwarded) == expected


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXIES", "10.0.0.0/8, 2001:db8::1")
    assert env.networks("PROXIES") == [ip_network("10.0.0.0/8"), ip_network("2001:db8::1")]

    monkeypatch.setenv("PROXIES", "the-proxy")
    with pytest.raises(ImproperlyConfigured, match="PROXIES"):
        env.networks("PROXIES")
