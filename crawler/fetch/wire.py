"""Plain HTTP, verbatim: a Scrapy download handler that keeps each exchange as it crossed the wire.

1. Scrapy hands over a request; `WireDownloadHandler.download_request` begins a `Take` for it.
2. aiohttp connects. Each socket is made by `_guarded_socket`, which refuses addresses that lead inward.
3. For each request on a connection `WireProtocol` begins a fresh `Tape` of what is written and what arrives.
4. Whatever the end (an answer, a cut, a timeout), the tape becomes an `Exchange` in `request.meta["exchange"]`.
5. Where no whole answer came, the error says why in a word: see `crawler.fetch.failures`.

**Bad certificates are refused**, as browsers refuse them (DOWNLOAD_VERIFY_CERTIFICATES is on): an archive vouches for
where its pages come from, and without a certificate anyone on the way may have written them. Newspapers do let
certificates lapse; then their URLs fail as `bad-certificate`, stay due, and are tried again for some days.

The points 2 and 3 use parts of aiohttp and of Scrapy's aiohttp handler that are not public; pyproject.toml bounds both
versions, and tests/crawler/fetch/test_wire.py fails when one of them moves.
"""

import functools
import socket
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from aiohttp import ClientRequest, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive import http1
from archive.exchange import Exchange, Truncation
from archive.http1 import Framing, Message
from crawler.fetch import tls
from crawler.fetch.addresses import Admission, Place, is_this_machine, literal_address, places
from crawler.fetch.failures import READING, Came, reason_of, unfetched
from crawler.fetch.tape import LARGEST_HEAD, TAKE, Take, Tape, WireProtocol

_MOST_FIELDS = 1 << 14  # more than fit into the largest head
_SURPLUS_OVER_MAXSIZE = 1 << 20  # head and 1xx heads; chunking is covered by the factor
_CHUNKING_FACTOR = 2
_CUT_FLAGS = frozenset({"dataloss", "download_stopped"})


class AddressRefused(IgnoreRequest):  # named as Scrapy names such outcomes
    """A request led to an address that points inward; `reason` names the outcome."""

    reason: ClassVar[str] = "private-address"


class _WireRequest(ClientRequest):
    """Sends no body where there is none: Scrapy's handler hands over b"", and aiohttp would say Content-Length: 0."""

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        super().update_body_from_data(body or None, _stacklevel=_stacklevel + 1)


class _WireResponse(_ClientResponse):
    """Tells the protocol when its response is complete."""

    _wire: WireProtocol | None = None

    async def start(self, connection: Connection) -> "_WireResponse":
        self._wire = cast("WireProtocol", connection.protocol)
        await super().start(connection)
        return self

    def _response_eof(self) -> None:
        if self._wire is not None and not self._closed:
            self._wire.finish()
        super()._response_eof()


class WireDownloadHandler(AiohttpDownloadHandler):
    """Downloads over HTTP/1.1 and leaves the verbatim `Exchange` in `request.meta["exchange"]`.

    Answers and failures alike have one, as soon as a request was sent; what failed before (DNS, connection, TLS) has
    none. All of Scrapy's settings for downloads apply. Connections that lead inward raise `AddressRefused`, except to
    the places in the setting MICROFICHE_ALLOWED_ADDRESSES, a list of "host:port"; what fails otherwise raises
    `Unfetched`.
    """

    experimental: ClassVar[bool] = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        tls.trust_public_roots(self._ssl_context)
        self._allowed = places(crawler.settings.getlist("MICROFICHE_ALLOWED_ADDRESSES"))
        connector = cast("TCPConnector", self._session.connector)
        factory = functools.partial(WireProtocol, loop=connector._loop)  # noqa: SLF001  # see the module
        connector._factory = cast("functools.partial[ResponseHandler]", factory)  # noqa: SLF001  # as above
        connector._socket_factory = _guarded_socket  # noqa: SLF001  # the parent makes the connector
        self._session._request_class = _WireRequest  # noqa: SLF001  # and the session
        self._session._response_class = _WireResponse  # noqa: SLF001  # as above
        self._session._max_line_size = self._session._max_field_size = LARGEST_HEAD  # noqa: SLF001  # as above
        self._session._max_headers = _MOST_FIELDS  # noqa: SLF001  # as above

    async def download_request(self, request: Request) -> Response:
        """Downloads one request; raises `Unfetched` or `AddressRefused` when no whole answer came."""
        request.meta.pop("exchange", None)  # retries and redirects copy the meta of the request before
        take = self._take(request)
        token = TAKE.set(take)
        try:
            response = await super().download_request(request)
        except BaseException as error:
            _leave_exchange(request, take=take, error=error, flags=())
            if not isinstance(error, Exception):
                raise
            return self._settle(request, take=take, error=error)
        finally:
            TAKE.reset(token)
        exchange = _leave_exchange(request, take=take, error=None, flags=response.flags)
        if exchange and exchange.truncated and not _CUT_FLAGS.intersection(response.flags):
            raise unfetched(f"the connection of {request.url} was reset within the answer", reason="cut-short")
        return response

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """Returns the fields as bytes: aiohttp's text of a Latin-1 field is none that Scrapy can encode again."""
        return Headers(list(response.raw_headers))

    def _settle(self, request: Request, *, take: Take, error: Exception) -> Response:
        """Makes the best of an error: the response after all, or the reason why there is none."""
        if take.refused and take.tape is None:
            raise _refusal(request.url, addresses=take.refused) from error
        if isinstance(error, (*READING, DownloadCancelledError)) and (lenient := self._lenient(request)) is not None:
            return lenient
        reason = reason_of(error, came=_came(request, take=take))
        if reason is None:
            raise error
        cause = None if take.is_proxied else error  # whose text tells the proxy's password
        raise unfetched(f"{request.url}: {error}", reason=reason) from cause

    def _lenient(self, request: Request) -> Response | None:
        """Returns the response that aiohttp refused although it came whole, as browsers would show it; else None.

        Quirk: servers send both Content-Length and Transfer-Encoding, or more bytes than they announce.
        """
        exchange: Exchange | None = request.meta.get("exchange")
        if exchange is None or exchange.truncated or exchange.status is None:
            return None
        body = exchange.payload
        maxsize = self._maxsize(request)
        if maxsize and len(body) > maxsize:
            return None
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in exchange.headers]
        return make_response(
            url=request.url, status=exchange.status, headers=Headers(fields), body=body, flags=["lenient"]
        )

    def _maxsize(self, request: Request) -> int:
        return int(request.meta.get("download_maxsize", self._default_maxsize))

    def _take(self, request: Request) -> Take:
        maxsize = self._maxsize(request)
        take = Take(
            method=request.method,
            limit=maxsize * _CHUNKING_FACTOR + _SURPLUS_OVER_MAXSIZE if maxsize else 0,
            admission=Admission(allowed=self._allowed, asked=Place.of_url(request.url)),
            is_proxied=bool(request.meta.get("proxy")),
        )
        if (asked := take.admission.asked) is not None:
            _admit_by_name(take, asked=asked)
        if take.refused:
            raise _refusal(request.url, addresses=take.refused)
        return take


def _guarded_socket(place: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
    """Makes the socket for one address that is about to be connected to, unless it leads inward.

    This is the last step before the connection: whatever a name resolved to earlier does not matter any more.
    """
    family, kind, protocol, _, address = place
    take = TAKE.get()
    if take is not None and not take.is_proxied:
        _admit(take, address=str(address[0]), port=int(address[1]))
        if str(address[0]) in take.refused:
            raise OSError(f"{address[0]} leads inward")
    return socket.socket(family, kind, protocol)


def _admit_by_name(take: Take, *, asked: Place) -> None:
    """Judges what the URL itself says: all there is to go by where a proxy connects."""
    address = literal_address(asked.host)
    if address is None and take.is_proxied and is_this_machine(asked.host):
        address = "127.0.0.1"
    if address is not None:
        _admit(take, address=address, port=asked.port)


def _admit(take: Take, *, address: str, port: int) -> None:
    if not take.admission.admits(address, port=port):
        take.refused.append(address)


def _refusal(url: str, *, addresses: Sequence[str]) -> AddressRefused:
    return AddressRefused(f"{url} leads inward, to {', '.join(dict.fromkeys(addresses))}; it is not asked")


def _came(request: Request, *, take: Take) -> Came:
    tape, exchange = take.tape, request.meta.get("exchange")
    if tape is None:
        return Came()
    answered = bool(exchange and exchange.answered)
    broken = tape.message().framing is Framing.BROKEN or (tape.broke is not None and not answered)
    return Came(
        connected=True,
        answered=answered,
        broken=broken,
        overrun=tape.overrun,
    )


def _leave_exchange(
    request: Request, *, take: Take, error: BaseException | None, flags: Sequence[str]
) -> Exchange | None:
    tape = take.tape
    if tape is None or not tape.sent or tape.sent[0].startswith(b"CONNECT "):
        return None
    tape.is_done = True
    exchange = _exchange(request, tape=tape, take=take, error=error, flags=flags)
    request.meta["exchange"] = exchange
    return exchange


def _exchange(
    request: Request, *, tape: Tape, take: Take, error: BaseException | None, flags: Sequence[str]
) -> Exchange:
    sent = b"".join(tape.sent)
    body = http1.head_end(sent) or len(sent)
    message = tape.message()
    version = "http/1.0" if message.head.startswith(b"HTTP/1.0") else "http/1.1"
    return Exchange(
        url=request.url,
        method=request.method,
        started=tape.started,
        request_head=sent[:body],
        request_body=sent[body:],
        response_head=message.head,
        response_body=message.body,
        informational=message.informational,
        peer=None if take.is_proxied else tape.line.peer,
        protocols=tuple(filter(None, (version, tape.line.tls_version))),
        cipher=tape.line.cipher,
        truncated=_truncation(tape, message=message, error=error, flags=flags),
    )


def _truncation(
    tape: Tape, *, message: Message, error: BaseException | None, flags: Sequence[str]
) -> Truncation | None:
    """Tells why the end of the response is missing; None when it is there."""
    if message.framing is Framing.COMPLETE:
        return None
    if message.framing is Framing.UNTIL_CLOSE and tape.ended == "closed":
        return None
    if error is None and tape.ended != "reset" and not _CUT_FLAGS.intersection(flags):
        return None
    if tape.overrun or isinstance(error, DownloadCancelledError):
        return "length"
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "disconnect" if tape.ended and message.framing is not Framing.BROKEN else "unspecified"
