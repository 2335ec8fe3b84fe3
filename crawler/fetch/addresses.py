"""Which addresses a crawler has no business with: those that lead inward.

A page on the open web can link, redirect or resolve to the machine we run on, its network or a cloud's metadata
service. What counts is the address that is connected to, not the name that was asked for.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Self
from urllib.parse import urlsplit

_PROTOCOL_ASSIGNMENTS = IPv4Network("192.0.0.0/24")  # which parts of it count as private differs between Pythons
_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


def is_inward(address: str) -> bool:
    """Tells whether an IP address is anything but a public unicast one.

    Addresses that only wrap an IPv4 address are judged by it (6to4, NAT64), or are inward altogether (IPv4-mapped:
    nothing on the web needs them). Text that is no address is inward.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return True
    return _is_not_public(_wrapped(ip) or ip)


def _is_not_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip.is_site_local:
        return True
    return not ip.is_global or ip.is_multicast or ip.is_reserved or ip in _PROTOCOL_ASSIGNMENTS


def _wrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour


def literal_address(host: str) -> str | None:
    """Returns the IP address that a URL's host is, however it is written; None for a name.

    Quirk: `2130706433`, `0x7f.1`, `0177.0.0.1` and `0` are IPv4 addresses for browsers and many resolvers.
    """
    host = host.strip("[]").rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host.isascii() else None
    except OSError:
        return None


def is_this_machine(host: str) -> bool:
    """Tells whether a name means the machine that looks it up (RFC 6761, section 6.3)."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A host and a port, as a URL names them; the host in lower case, without brackets."""

    host: str
    port: int

    @classmethod
    def of_url(cls, url: str) -> Self | None:
        """Returns where a URL leads; None when it does not say."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            return None
        return cls(host=parts.hostname, port=port) if parts.hostname else None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads "host:port"; an IPv6 address stands in brackets. Raises `ValueError` when it is neither."""
        place = cls.of_url(f"//{text}")
        if place is None or not place.port:
            raise ValueError(f"{text!r} is no host:port")
        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Whether one request may connect where it leads.

    `allowed` are the places of configured sites: by the name that the URL has, or by the address behind it.
    """

    allowed: frozenset[Place]
    asked: Place | None

    def admits(self, address: str, *, port: int) -> bool:
        """Tells whether connecting to this address and port is in order."""
        return (
            not is_inward(address)
            or (self.asked is not None and self.asked in self.allowed)
            or Place(host=address.lower(), port=port) in self.allowed
        )


def places(texts: Iterable[str]) -> frozenset[Place]:
    """Reads a list of "host:port"."""
    return frozenset(map(Place.parse, texts))
