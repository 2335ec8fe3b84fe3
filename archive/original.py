"""A capture that holds its payload whole, for later captures of the same payload to refer to."""

from dataclasses import dataclass
from datetime import datetime


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
