"""Why nothing whole came of a request: one word for the ledger, one line for the log.

    bad-url             no request can be made of it
    no-such-host        the name has no address
    dns-failed          the name servers did not answer
    connect-timeout     no connection in time
    connection-refused  nobody listens there
    unreachable         no way leads there
    proxy-failed        the proxy did not do it
    bad-certificate     the server could not prove who it is: expired, another name, nobody we trust
    tls-failed          no TLS with it, for any other reason
    connection-lost     the connection ended before there was an answer
    timeout             the answer did not end in time
    cut-short           the connection ended within the answer
    too-large           the answer is larger than DOWNLOAD_MAXSIZE
    header-too-large    its header has no end within reason
    bad-response        what came is no HTTP that anyone could read

And of a browser's pages (crawler.browser):

    no-page             the answer is none that a browser shows: a file to be saved, or nothing at all
    page-incomplete     what works on the page did not come, and it shows nothing
    page-crashed        the page ended in the browser, again and again
    browser-died        the browser ended while it had the page, again and again
    browser-timeout     the page did not come to an end within its budget, nor answer when it was interrupted
    no-browser          there is no Chromium here, or none that starts

The bytes of a cut answer are in the archive all the same.
"""

import errno
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import aiodns
import aiohttp
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

READING: Final = (DownloadFailedError, ResponseDataLossError, ValueError)  # what a server's bytes can raise
_LOOKED_AT = 10_000  # characters of a message
_LONGEST = 300  # of which are told
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]+")
_USERINFO = re.compile(r"//[^/\s@]{0,1000}@")  # aiohttp tells the proxy's URL with its password
_LASTING: Final = frozenset({"bad-url", "bad-certificate", "too-large", "header-too-large", "no-page", "no-browser"})
_OVERRUNS: Final = {"head": "header-too-large", "size": "too-large", "overhead": "bad-response"}
_NO_SUCH_NAME: Final = frozenset({1, 4, 8})  # c-ares: no data, not found, a name that is none
_UNREACHABLE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


class Unfetched(Exception):  # noqa: N818  # named as Scrapy names such outcomes
    """Nothing whole came of a request; `reason` is one of the words above. Its text is one line of plain ASCII."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(f"{reason}: {one_line(message)}")
        self.reason = reason


class UnfetchedForNow(Unfetched, DownloadFailedError):  # noqa: N818  # as above
    """It may go better in a moment: Scrapy's RetryMiddleware asks again."""


def unfetched(message: str, *, reason: str) -> Unfetched:
    """Makes the error for a reason, of the kind that is asked again or of the kind that is not."""
    kind = Unfetched if reason in _LASTING else UnfetchedForNow
    return kind(message, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How far a request got: connected, a status line received, something received that is broken.

    `overrun` names the bound that was passed: head, size or overhead.
    """

    connected: bool = False
    answered: bool = False
    broken: bool = False
    overrun: str | None = None


def reason_of(error: Exception, *, came: Came) -> str | None:
    """Decides on the reason; None for an error that no server or network causes."""
    if came.overrun:
        return _OVERRUNS[came.overrun]
    if isinstance(error, DownloadTimeoutError):
        return "timeout" if came.connected else "connect-timeout"
    if isinstance(error, DownloadCancelledError):
        return "too-large"
    if isinstance(error, UnsupportedURLSchemeError) or (isinstance(error, ValueError) and not came.connected):
        return "bad-url"
    if reason := _while_connecting(error):
        return reason
    return _while_reading(came) if isinstance(error, READING) else None


def _while_connecting(error: Exception) -> str | None:
    causes = list(_causes(error))
    if _any(causes, aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError):
        return "proxy-failed"
    if _any(causes, ssl.SSLCertVerificationError, aiohttp.ClientConnectorCertificateError):
        return "bad-certificate"
    if isinstance(error, CannotResolveHostError):
        return "no-such-host" if _is_unknown_name(causes) else "dns-failed"
    if isinstance(error, DownloadConnectionRefusedError):
        return _no_connection(causes)
    return None


def _no_connection(causes: list[BaseException]) -> str:
    if _any(causes, ssl.SSLError, aiohttp.ClientConnectorSSLError):
        return "tls-failed"
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if numbers & _UNREACHABLE:
        return "unreachable"
    return "connection-lost" if _any(causes, ConnectionResetError) else "connection-refused"


def _while_reading(came: Came) -> str:
    if came.broken:
        return "bad-response"
    return "cut-short" if came.answered else "connection-lost"


def _is_unknown_name(causes: list[BaseException]) -> bool:
    """Quirk: a resolver without aiodns tells nothing that could be told apart."""
    found = next((cause for cause in causes if isinstance(cause, aiodns.error.DNSError)), None)
    return found is None or (bool(found.args) and found.args[0] in _NO_SUCH_NAME)


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yields an error and what led to it; aiohttp keeps the system's error beside the chain."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "os_error", None)]


def one_line(text: str) -> str:
    """Returns a text that can break no log line: printable ASCII, of bounded length, without passwords in URLs."""
    return _USERINFO.sub("//", _NOT_PLAIN.sub(" ", text[:_LOOKED_AT]))[:_LONGEST].strip()
