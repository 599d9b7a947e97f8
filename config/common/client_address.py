"""The address a request comes from, also behind proxies (rules A3, AD-08)."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str:
    """The nearest address that is none of `TRUSTED_PROXIES`; "" when the server names none.

    `X-Forwarded-For` is read from its end, where our own proxies write, and only as far as each
    hop is one of them: what stands further left is the client's claim.
    """
    nearest = _parsed(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and nearest is not None and _is_trusted(nearest):
        claimed = _parsed(hops.pop())
        if claimed is None:
            break
        nearest = claimed
    return "" if nearest is None else str(nearest)


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    # The database takes no zones, and a network of version 4 contains no mapped address.
    return address.ipv4_mapped or IPv6Address(int(address))
