"""A capture that holds its payload whole, for later captures of the same payload to refer to."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive import http1

EMPTY: Final = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # the digest of no payload
_CODINGS = re.compile(r"[a-z0-9-]{1,20}(?:,[a-z0-9-]{1,20}){0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The record that a revisit record refers to; never a revisit itself.

    `uri`, `date` and `record_id` are those of its WARC record (the id with angle brackets), `digest` is its payload's
    as "sha256:<hex>". `filename` and `offset` say where it lies: a WARC file's own name, and bytes. `coding` tells the
    content and transfer codings of its payload: bytes that are equal are not the same answer when these differ.
    """

    uri: str
    date: datetime
    record_id: str
    digest: str
    filename: str
    offset: int
    coding: str = ""


def coding_of(head: http1.Head) -> str | None:
    """The codings of an answer's payload ("gzip", "gzip;chunked", "" for none); None when they are none of HTTP's.

    A revisit is shown with its own head and the original's body: both must be coded alike.
    """
    content, transfer = (",".join(head.tokens(name)) for name in ("content-encoding", "transfer-encoding"))
    if any(codings and not _CODINGS.fullmatch(codings) for codings in (content, transfer)):
        return None
    return f"{content};{transfer}" if transfer else content


def can_hold(head: http1.Head, *, method: str, truncated: str | None) -> bool:
    """Whether an answer of this head can be an original, or a revisit of one: a whole answer to a GET."""
    return method == "GET" and not truncated and head.status not in (None, 206, 304)
