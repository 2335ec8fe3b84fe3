"""Payloads that the archive holds, read back: a stylesheet or page that was not sent again is read from there."""

import asyncio
import logging

from archive.contentcoding import Bounds
from archive.errors import ArchiveError, StoreError
from archive.ledger.resources import Resource
from archive.originals import Originals, Reference
from archive.records import read_record

LARGEST = 4 * 2**20  # bytes of a payload, as it lies there and decoded
logger = logging.getLogger(__name__)


async def stored(resource: Resource, *, originals: Originals) -> bytes | None:
    """Returns what a resource answered, decoded; None when the archive cannot give it now."""
    original = resource.original
    if original is None or resource.size > LARGEST:
        return None
    wanted = Reference(
        filename=original.filename,
        offset=original.offset,
        record_id=original.record_id,
        digest=original.digest,
    )
    try:
        member = await asyncio.to_thread(originals.member, wanted)
        return read_record(member).content(bounds=Bounds(size=LARGEST)).data
    except (StoreError, ArchiveError) as error:
        logger.warning("%s cannot be read back: %s", resource.url, error)
        return None
