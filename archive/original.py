"""A capture that holds its payload whole, for later captures of the same payload to refer to."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive import http1

EMPTY: Final = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # the digest of no payload
_TYPE = re.compile(r"[\x20-\x7e]{0,200}")
_CODINGS = re.compile(r"[a-z0-9-]{1,20}(?:,[a-z0-9-]{1,20}){0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The record that a revisit record refers to; never a revisit itself.

    `uri`, `date` and `record_id` are those of its WARC record (the id with angle brackets), `digest` is its payload's
    as "sha256:<hex>". `filename` and `offset` say where it lies: a WARC file's own name, and bytes. `coding` tells how
    its payload is read (`coding_of`): bytes that are equal are not the same answer when that differs.
    """

    uri: str
    date: datetime
    record_id: str
    digest: str
    filename: str
    offset: int
    coding: str = ""


def coding_of(head: http1.Head) -> str | None:
    """How an answer's payload is read ("gzip;chunked 200 text/html"); None where the head names no codings of HTTP's.

    A revisit is shown with the original's body: both must be coded alike. And it may be shown with the original's head,
    always where it is a 304, else by readers of a WARC file without an index: so status and type belong to it too.
    """
    content, transfer = (",".join(head.tokens(name)) for name in ("content-encoding", "transfer-encoding"))
    if any(codings and not _CODINGS.fullmatch(codings) for codings in (content, transfer)):
        return None
    mime = head.first("content-type") or ""
    if not _TYPE.fullmatch(mime):
        return None
    return f"{content};{transfer} {head.status} {mime}" if transfer else f"{content} {head.status} {mime}"


def can_hold(head: http1.Head, *, method: str, truncated: str | None) -> bool:
    """Whether an answer of this head can be an original, or a revisit of one: a whole answer to a GET, no redirect.

    Redirects that lead to different places often have the same few bytes of body.
    """
    if method != "GET" or truncated or head.status is None:
        return False
    return head.status != 206 and not 300 <= head.status < 400
