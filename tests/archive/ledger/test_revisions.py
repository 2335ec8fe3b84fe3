"""Revisions: the fold of article lines in capture order, and which lines are published."""

from archive.ledger import Connection, attempts, revisions
from archive.ledger.revisions import Choice, count_published, published
from tests.archive.ledgers import DAY, NOON, add_attempt, add_site, line


async def derived(connection: Connection, *lines: dict, tick=NOON, site: str = "courier") -> attempts.Attempt:
    attempt = await add_attempt(connection, tick=tick, site=site)
    assert await revisions.put(connection, attempt, lines=lines) == len(lines)
    await attempts.derive(connection, attempt, extractor="microfiche/1", articles=len(lines), left_out={})
    return attempt


async def told(connection: Connection, **choice) -> list[tuple[str, int, int]]:
    """Day of the object, line in it, revision."""
    chosen = Choice(**choice)
    found = [(str(row["tick"].date()), row["line"], row["revision"]) async for row in published(connection, chosen)]
    assert await count_published(connection, chosen) == len(found)
    return found


async def test_a_revision_is_a_change_and_not_a_capture(connection: Connection) -> None:
    """A, A, B, A are three revisions; the newest is published from the capture that began it."""
    await add_site(connection)
    for days, digest in enumerate("aaba"):
        tick = NOON + days * DAY
        await derived(connection, line(1, at=tick, digest=digest), tick=tick)
    assert await told(connection) == [("2026-11-23", 0, 3)]
    assert await told(connection, newest_only=False) == [
        ("2026-11-20", 0, 1),
        ("2026-11-22", 0, 2),
        ("2026-11-23", 0, 3),
    ]


async def test_an_object_derived_again_replaces_its_lines(connection: Connection) -> None:
    """Nothing of the former lines stays."""
    await add_site(connection)
    attempt = await derived(connection, line(1), line(2))
    await revisions.put(connection, attempt, lines=[line(2, digest="b")])
    assert await told(connection) == [("2026-11-20", 0, 1)]


async def test_lines_come_in_the_order_of_their_objects(connection: Connection) -> None:
    """By run, then by line: each object is read once, from its beginning."""
    await add_site(connection)
    await derived(connection, line(3), line(1))
    await derived(connection, line(2, at=NOON + DAY), line(3, at=NOON + DAY), tick=NOON + DAY)
    assert await told(connection) == [("2026-11-20", 0, 1), ("2026-11-20", 1, 1), ("2026-11-21", 0, 1)]


async def test_sites_and_dates_choose(connection: Connection) -> None:
    """The span is of capture dates, its end left out; within it the newest revision is chosen."""
    await add_site(connection)
    await add_site(connection, "herald")
    await derived(connection, line(1, digest="a"))
    await derived(connection, line(1, at=NOON + DAY, digest="b"), tick=NOON + DAY)
    tick = NOON + 2 * DAY
    await derived(connection, line(1, at=tick, site="herald"), tick=tick, site="herald")
    assert await told(connection, sites=("herald",)) == [("2026-11-22", 0, 1)]
    assert await told(connection, until=NOON + DAY) == [("2026-11-20", 0, 1)]
    assert await told(connection, since=NOON + DAY, until=NOON + 2 * DAY) == [("2026-11-21", 0, 2)]


async def test_the_cursor_gives_what_became_readable_since(connection: Connection) -> None:
    """What was readable before is not given again, and what a late commit put behind a newer revision is not either."""
    await add_site(connection)
    early = await derived(connection, line(1), line(2))
    late = await derived(connection, line(2, at=NOON + DAY, digest="b"), tick=NOON + DAY)
    for attempt, moment in ((early, NOON), (late, NOON + DAY)):
        await connection.execute("UPDATE attempts SET derived_at = %s WHERE run = %s", (moment, attempt.run))
    assert await told(connection, committed_since=NOON + DAY) == [("2026-11-21", 0, 2)]
    assert await told(connection, committed_since=NOON) == [("2026-11-20", 0, 1), ("2026-11-21", 0, 2)]
    await connection.execute("UPDATE attempts SET derived_at = %s WHERE run = %s", (NOON + 2 * DAY, early.run))
    assert await told(connection, committed_since=NOON + 2 * DAY) == [("2026-11-20", 0, 1)]
