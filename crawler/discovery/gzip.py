"""Gzip from strangers, unpacked up to a bound."""

import zlib
from typing import Final

from crawler.discovery.problems import Problems

MAGIC: Final = b"\x1f\x8b"
LARGEST_RATIO: Final = 250  # XML of one repeated address reaches 100; a bomb 1,000
_SAMPLE: Final = 2**20


def gunzip(body: bytes, *, limit: int, problems: Problems) -> bytes:
    """Unpack a gzip file of any number of members, up to `limit` bytes; what is no gzip comes back as it is.

    What cannot be unpacked whole is given as far as it goes; a bomb gives nothing.
    """
    if not body.startswith(MAGIC):
        return body
    unpacked = bytearray()
    rest = body
    while rest.startswith(MAGIC) and len(unpacked) < limit:
        member = zlib.decompressobj(wbits=31)
        try:
            unpacked += member.decompress(rest, limit - len(unpacked))
        except zlib.error:
            problems.note("gzip-broken")
            break
        if not member.eof:
            problems.note("too-large" if len(unpacked) >= limit else "gzip-truncated")
        if _is_bomb(packed=len(body) - len(member.unconsumed_tail), unpacked=len(unpacked)):
            problems.note("gzip-bomb")
            return b""
        rest = member.unused_data
    return bytes(unpacked)


def _is_bomb(*, packed: int, unpacked: int) -> bool:
    return unpacked > _SAMPLE and unpacked > LARGEST_RATIO * packed
