"""The lease: while it is held, this attempt and no other may ask its domain.

It is renewed by the ledger's clock and measured by one of ours that also runs while the machine sleeps. A process that
was paused, or cut off from Postgres, finds its lease run out before it can send another request.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable

from archive.errors import LedgerError
from archive.ledger import Ledger, attempts
from archive.ledger.attempts import Attempt
from crawler.tasks import end

logger = logging.getLogger(__name__)

SECONDS = 20.0  # shorter than the 30 s after which a dead worker's job is rescued
_RENEW_EVERY = 5.0
_PATIENCE = 10.0  # a machine with too much to do takes longer than usual; to ask anew would take longer still
_SOON = 0.5


def _boottime() -> float:
    """Seconds on a clock that does not stop while the machine sleeps (Linux), else the monotonic one."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Lease:
    """A held lease; `valid` is asked before every request and touches nothing but the clock."""

    def __init__(
        self, ledger: Ledger, attempt: Attempt, *, domain: str, machine: str, clock: Callable[[], float] = _boottime
    ) -> None:
        self._ledger = ledger
        self._attempt = attempt
        self._domain = domain
        self._machine = machine
        self._clock = clock
        self._until = 0.0

    @property
    def valid(self) -> bool:
        """Whether a request may be sent now."""
        return self._clock() < self._until

    async def renew(self) -> bool:
        """Takes or prolongs the lease; False when another attempt has it."""
        asked = self._clock()
        async with self._ledger.transaction() as connection:
            held = await attempts.lease(
                connection, self._attempt, domain=self._domain, machine=self._machine, seconds=SECONDS
            )
        self._until = asked + SECONDS - 1.0 if held else 0.0
        return held

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renews the lease in the background for the length of the block."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            await end(task, patience=_RENEW_EVERY)
            if not task.cancelled():
                task.result()

    async def _keep(self) -> None:
        pause = _RENEW_EVERY
        while True:
            await asyncio.sleep(pause)
            try:
                async with asyncio.timeout(_PATIENCE):
                    held = await self.renew()
            except (LedgerError, TimeoutError) as error:
                told = str(error) or "no answer in time"
                logger.warning("the lease on %s could not be renewed: %s", self._domain, told)
                pause = _SOON
                continue
            pause = _RENEW_EVERY
            if not held:
                logger.warning("the lease on %s went to another attempt", self._domain)
                return
