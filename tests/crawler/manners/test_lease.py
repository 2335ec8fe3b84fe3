"""One attempt at a time on a domain, and no request without the lease."""

import asyncio

import pytest

from archive.embedded import Services
from archive.ledger import Ledger
from crawler.manners import lease as module
from crawler.manners.lease import SECONDS, Lease
from tests.archive.ledgers import add_attempt, add_site, fresh_ledger


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def lease_for(ledger: Ledger, *, clock: Clock) -> Lease:
    async with ledger.transaction() as connection:
        await add_site(connection)
        attempt = await add_attempt(connection)
    return Lease(ledger, attempt, domain="courier.example", machine="m1", clock=clock)


async def test_a_lease_is_held_by_one(embedded: Services) -> None:
    """A second attempt does not get it; the first can renew it."""
    async with fresh_ledger(embedded) as ledger:
        clock = Clock()
        first, second = await lease_for(ledger, clock=clock), await lease_for(ledger, clock=clock)
        assert not first.valid
        assert await first.renew()
        assert not await second.renew()
        assert (first.valid, second.valid) == (True, False)
        assert await first.renew()


async def test_a_lease_that_was_not_renewed_is_not_valid(embedded: Services) -> None:
    """Before it runs out in the ledger it has run out here, whatever kept the process from renewing it."""
    async with fresh_ledger(embedded) as ledger:
        clock = Clock()
        lease = await lease_for(ledger, clock=clock)
        assert await lease.renew()
        clock.now += SECONDS - 1.5
        assert lease.valid
        clock.now += 1.0
        assert not lease.valid


async def test_a_lease_that_ran_out_goes_to_the_next(embedded: Services) -> None:
    """And its former holder learns that it is gone when it asks."""
    async with fresh_ledger(embedded) as ledger:
        clock = Clock()
        first, second = await lease_for(ledger, clock=clock), await lease_for(ledger, clock=clock)
        assert await first.renew()
        async with ledger.transaction() as connection:
            await connection.execute("UPDATE leases SET until = now() - interval '1 second'")
        assert await second.renew()
        assert not await first.renew()
        assert (first.valid, second.valid) == (False, True)


async def test_a_renewal_that_fails_is_tried_again_at_once(
    embedded: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at the next turn: by then the lease would be gone. Why it failed is told."""
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    monkeypatch.setattr(module, "_SOON", 0.01)
    async with fresh_ledger(embedded) as ledger:
        clock = Clock()
        lease = await lease_for(ledger, clock=clock)
        assert await lease.renew()
        monkeypatch.setattr(module, "_RENEW_EVERY", 0.01)
        async with ledger.transaction() as another:
            await another.execute("SELECT * FROM leases FOR UPDATE")
            async with lease.kept():
                while len(caplog.messages) < 2:  # noqa: ASYNC110  logging tells nobody either
                    await asyncio.sleep(0.01)
                clock.now += SECONDS
                assert not lease.valid
                await another.rollback()
                while not lease.valid:  # noqa: ASYNC110  the clock is the test's, and tells nobody
                    await asyncio.sleep(0.01)
    assert set(caplog.messages) == {"the lease on courier.example could not be renewed: no answer in time"}
