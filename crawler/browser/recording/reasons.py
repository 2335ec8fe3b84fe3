"""Why nothing whole came of a browser's request, in the words of `crawler.fetch.failures` where they fit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ABORTED": "aborted",
        "ADDRESS_UNREACHABLE": "unreachable",
        "BLOCKED_BY_CLIENT": "blocked",
        "BLOCKED_BY_CSP": "blocked-by-page",
        "BLOCKED_BY_ORB": "blocked-by-browser",
        "BLOCKED_BY_RESPONSE": "blocked-by-browser",
        "CONNECTION_CLOSED": "connection-lost",
        "CONNECTION_RESET": "connection-lost",
        "CONNECTION_REFUSED": "connection-refused",
        "CONNECTION_TIMED_OUT": "connect-timeout",
        "CONTENT_DECODING_FAILED": "bad-response",
        "CONTENT_LENGTH_MISMATCH": "cut-short",
        "EMPTY_RESPONSE": "connection-lost",
        "FAILED": "failed",
        "INCOMPLETE_CHUNKED_ENCODING": "cut-short",
        "INTERNET_DISCONNECTED": "unreachable",
        "INVALID_CHUNKED_ENCODING": "bad-response",
        "INVALID_HTTP_RESPONSE": "bad-response",
        "INVALID_REDIRECT": "bad-response",
        "NAME_NOT_RESOLVED": "no-such-host",
        "RESPONSE_HEADERS_TOO_BIG": "header-too-large",
        "SOCKS_CONNECTION_FAILED": "proxy-failed",
        "SOCKS_CONNECTION_HOST_UNREACHABLE": "proxy-failed",
        "SSL_PROTOCOL_ERROR": "tls-failed",
        "TIMED_OUT": "timeout",
        "TOO_MANY_REDIRECTS": "redirect-loop",
        "UNSAFE_PORT": "bad-url",
        "UNKNOWN_URL_SCHEME": "bad-url",
    }
)
_AT_THE_PAUSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Aborted": "ABORTED",
        "AccessDenied": "BLOCKED_BY_RESPONSE",
        "AddressUnreachable": "ADDRESS_UNREACHABLE",
        "BlockedByClient": "BLOCKED_BY_CLIENT",
        "BlockedByResponse": "BLOCKED_BY_RESPONSE",
        "ConnectionAborted": "CONNECTION_RESET",
        "ConnectionClosed": "CONNECTION_CLOSED",
        "ConnectionFailed": "SOCKS_CONNECTION_FAILED",
        "ConnectionRefused": "CONNECTION_REFUSED",
        "ConnectionReset": "CONNECTION_RESET",
        "Failed": "FAILED",
        "InternetDisconnected": "INTERNET_DISCONNECTED",
        "NameNotResolved": "NAME_NOT_RESOLVED",
        "TimedOut": "TIMED_OUT",
    }
)


def reason_of(error: str) -> str:
    """Returns the word for "net::ERR_…", or for an ErrorReason of the protocol's `Network` domain."""
    name = _AT_THE_PAUSE.get(error, error.removeprefix("net::").removeprefix("ERR_"))
    if name.startswith("CERT_"):
        return "bad-certificate"
    if name.startswith(("SSL_", "BAD_SSL_")):
        return "tls-failed"
    if name.startswith("HTTP2_"):
        return "bad-response"
    return _WORDS.get(name, name.lower().replace("_", "-"))
