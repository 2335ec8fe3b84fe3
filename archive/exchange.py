"""One request and its response as they crossed the wire, however they were obtained.

Every way to fetch (plain HTTP, a browser) ends in an `Exchange`; everything the archive holds begins with one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and the response to it, verbatim.

    `request_head` and `response_head` run from the first byte of the first line to the blank line, inclusive.
    `response_body` is what followed on the wire: still chunked, still content-encoded. `response_head` is empty when
    nothing came back. `truncated` uses the reasons of WARC 1.1, section 5.13 (WARC-Truncated).
    """

    url: str
    method: str
    started: datetime
    request_head: bytes
    request_body: bytes = b""
    response_head: bytes
    response_body: bytes
    peer: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    truncated: Truncation | None = None
