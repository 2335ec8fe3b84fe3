"""What lies in the spool of this machine, for those who look: how much, how much may, what cannot go on by itself."""

from dataclasses import asdict, dataclass
from typing import Any

from archive.errors import ArchiveError
from archive.spool import Spool
from crawler.adopt import whose
from crawler.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """The spool, sizes in bytes; `full` says why no run is begun, `damaged` has a line on each folder left alone."""

    attempts: tuple[str, ...]
    bytes: int
    max_size: int
    free: int
    min_free: int
    full: str | None
    damaged: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The spool as `status --json` tells it."""
        return asdict(self)


def look_into(config: Config) -> Spooled:
    """Looks without locking or changing anything."""
    spool, limits = Spool(config.data_dir / "spool"), config.spool
    return Spooled(
        attempts=spool.names(),
        bytes=spool.size(),
        max_size=limits.max_size,
        free=spool.free_bytes(),
        min_free=limits.min_free,
        full=spool.room(most=limits.max_size, least_free=limits.min_free),
        damaged=tuple(told for name in spool.names() for told in _complaints(spool, name)),
    )


def _complaints(spool: Spool, name: str) -> list[str]:
    try:
        whose(spool.root / name)
    except ArchiveError as error:
        return [str(error)] if (spool.root / name).exists() else []  # gone: shipped since
    return []
