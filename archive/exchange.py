"""One request and its response as they crossed the wire, however they were obtained.

Every way to fetch (plain HTTP, a browser) ends in an `Exchange`; everything the archive holds begins with one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from archive import http1
from archive.digests import digest

Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and the response to it, verbatim.

    `request_head` and `response_head` run from the first byte of the first line to the blank line, inclusive; a cut
    response head ends where it was cut. `response_body` is what followed on the wire: still chunked, still
    content-encoded. `response_head` is empty when nothing came back. `informational` holds the heads of 1xx responses
    that came before. `truncated` uses the reasons of WARC 1.1, section 5.13 (WARC-Truncated). `state` is what the
    page kept in the browser, as `archive.state` has it for the record's header.
    """

    url: str
    method: str
    started: datetime
    request_head: bytes
    request_body: bytes = b""
    response_head: bytes
    response_body: bytes
    informational: bytes = b""
    peer: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    truncated: Truncation | None = None
    state: str | None = None
    _digests: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def answered(self) -> bool:
        """Whether a status line came back; without one there is no response to keep."""
        return http1.has_status(self.response_head)

    @property
    def head(self) -> http1.Head:
        """The response's head."""
        return http1.parse_head(self.response_head)

    @property
    def status(self) -> int | None:
        """The response's status code; None when none came."""
        return self.head.status if self.answered else None

    @property
    def headers(self) -> http1.Headers:
        """The response's header fields in order, with case and repeats kept."""
        return self.head.headers

    @property
    def payload(self) -> bytes:
        """The response's body out of its chunks, still content-encoded: what payload digests are made of."""
        return http1.payload(self.head, self.response_body)

    @property
    def payload_digest(self) -> str:
        """The payload's digest, made once: whoever looks for an earlier capture needs it, and so does the record."""
        if not self._digests:
            self._digests.append(digest(self.payload))
        return self._digests[0]
