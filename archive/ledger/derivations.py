"""What a derivation gave, entered into the ledger: by the job behind a crawl, by `reextract`, by `rebuild`."""

from typing import TYPE_CHECKING

from archive.health import health_of
from archive.ledger import Connection, attempts, health, resources, revisions, urls
from archive.ledger.attempts import Attempt

if TYPE_CHECKING:
    from archive.derive import Derived


async def enter(connection: Connection, attempt: Attempt, derived: "Derived") -> None:
    """Replaces what the ledger has of an attempt's articles."""
    await health.put(connection, attempt, health_of(derived.lines, refused=derived.left_out))
    await revisions.put(connection, attempt, lines=derived.lines)
    await urls.set_kinds(connection, derived.kinds, site=attempt.site)
    await resources.forget(connection, derived.lost, site=attempt.site)
    await attempts.derive(
        connection, attempt, extractor=derived.extractor, articles=len(derived.lines), left_out=derived.left_out
    )
