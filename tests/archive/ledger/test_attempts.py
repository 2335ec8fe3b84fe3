"""Attempts: numbered, leased, sealed, committed, derived; told to who asks."""

from archive.ledger import Connection, attempts
from tests.archive.ledgers import DAY, HOUR, NOON, add_attempt, add_site, run_id


async def state(connection: Connection, attempt: attempts.Attempt) -> str:
    row = await attempts.get(connection, run=attempt.run, number=attempt.number)
    assert row is not None
    return str(row["state"])


async def test_attempts_of_a_run_are_numbered_from_one(connection: Connection) -> None:
    """A second attempt at a run is number 2; its objects are named by run and number."""
    await add_site(connection)
    first, second = await add_attempt(connection), await add_attempt(connection)
    assert (first.number, second.number) == (1, 2)
    assert second.name == "20261120120000aaaaaa-2"
    assert second.objects.commit_key == "runs/site=courier/dt=2026-11-20/20261120120000aaaaaa-2.json"


async def test_an_attempt_goes_through_its_states(connection: Connection) -> None:
    """Crawling, sealed, committed, derived; entering its commit again does not put it back."""
    await add_site(connection)
    attempt = await add_attempt(connection)
    assert await state(connection, attempt) == "crawling"
    await attempts.seal(connection, attempt, ended="sealed", counts={})
    assert await state(connection, attempt) == "sealed"
    await attempts.commit(connection, attempt, ended="finished", counts={"captured": {"": 3}}, at=NOON)
    assert await state(connection, attempt) == "committed"
    await attempts.derive(connection, attempt, extractor="microfiche/1", articles=3, left_out={"tag": 1})
    assert await state(connection, attempt) == "derived"
    await attempts.commit(connection, attempt, ended="finished", counts={"captured": {"": 3}}, at=NOON + HOUR)
    row = await attempts.get(connection, run=attempt.run, number=attempt.number)
    assert row is not None
    assert (row["state"], row["committed_at"], row["derived"]) == (
        "derived",
        NOON,
        {"articles": 3, "left_out": {"tag": 1}},
    )


async def test_what_is_not_derived_waits_with_its_problem(connection: Connection) -> None:
    """A problem is kept until the step succeeds."""
    await add_site(connection)
    attempt = await add_attempt(connection)
    await attempts.seal(connection, attempt, ended="sealed", counts={})
    await attempts.trouble(connection, attempt, problem="no room")
    assert [(row["run"], row["problem"]) for row in await attempts.unfinished(connection)] == [(attempt.run, "no room")]
    await attempts.commit(connection, attempt, ended="finished", counts={}, at=NOON)
    assert [row["problem"] for row in await attempts.unfinished(connection)] == [None]
    await attempts.derive(connection, attempt, extractor="microfiche/1", articles=0, left_out={})
    assert await attempts.unfinished(connection) == []


async def test_committed_attempts_are_told_by_site_and_span(connection: Connection) -> None:
    """`since` is part of the span, `until` is not; one that did not commit is not told."""
    await add_site(connection)
    await add_site(connection, "herald")
    for days, site in ((0, "courier"), (1, "courier"), (1, "herald"), (2, "courier")):
        tick = NOON + days * DAY
        attempt = await add_attempt(connection, site=site, run=run_id(tick, tail=site[:6].ljust(6, "0")), tick=tick)
        if days < 2:
            await attempts.commit(connection, attempt, ended="finished", counts={}, at=tick)
    found = await attempts.committed(connection, sites=["courier"], since=NOON, until=NOON + DAY)
    assert [(row["site"], row["tick"]) for row in found] == [("courier", NOON)]
    assert len(await attempts.committed(connection)) == 3


async def test_one_attempt_at_a_time_has_a_domain(connection: Connection) -> None:
    """A lease is renewed by its holder, refused to others, and free when it is given back."""
    await add_site(connection)
    first, second = await add_attempt(connection), await add_attempt(connection)
    asked = {"domain": "courier.example", "machine": "m1", "seconds": 60}
    assert await attempts.lease(connection, first, **asked)
    assert await attempts.lease(connection, first, **asked)
    assert not await attempts.lease(connection, second, **asked)
    await attempts.release(connection, run=first.run, number=first.number)
    assert await attempts.lease(connection, second, **asked)


async def test_a_lease_that_ran_out_is_taken_over(connection: Connection) -> None:
    """Its former holder cannot renew it."""
    await add_site(connection)
    first, second = await add_attempt(connection), await add_attempt(connection)
    asked = {"domain": "courier.example", "machine": "m1"}
    assert await attempts.lease(connection, first, **asked, seconds=-1)
    assert await attempts.lease(connection, second, **asked, seconds=60)
    assert not await attempts.lease(connection, first, **asked, seconds=60)


async def test_a_forgotten_attempt_is_restored_once(connection: Connection) -> None:
    """A known one stays as it is."""
    await add_site(connection)
    attempt = attempts.Attempt(site="courier", run=run_id(NOON), number=3, tick=NOON)
    await attempts.restore(connection, attempt, machine="m1", started=NOON)
    await attempts.restore(connection, attempt, machine="other", started=NOON + HOUR)
    row = await attempts.get(connection, run=attempt.run, number=3)
    assert row is not None
    assert (row["machine"], row["started_at"], row["state"]) == ("m1", NOON, "crawling")
