"""Room in the spool: when no run is begun any more, and when one under way ends rather than fill the disk.

There are two marks. At the first, of [spool] `max_size` and `min_free`, what is captured has to leave before more comes
in; at the second, a quarter beyond it, runs that were begun in time are cut short.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crawler.line import Line

SPOOL_FULL: Final = "spool-full"
_BEYOND = 1.25  # of what may wait
_BELOW = 0.5  # of what has to stay free


def no_room(line: "Line") -> str | None:
    """Why no run may be begun now, and what follows; None when one may."""
    limits = line.config.spool
    full = line.spool.room(most=limits.max_size, least_free=limits.min_free)
    return full and f"{full}; it is crawled again once that is shipped, or with other limits in [spool]"


def overflows(line: "Line") -> bool:
    """Whether a run under way has to end."""
    limits = line.config.spool
    most, least = round(limits.max_size * _BEYOND), round(limits.min_free * _BELOW)
    return line.spool.room(most=most, least_free=least) is not None
