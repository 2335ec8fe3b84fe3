"""Jobs of dead workers: handed to living ones, unless they are done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from archive.derive import EXTRACTOR
from archive.embedded import Services
from archive.ledger import Connection, Ledger, attempts, rows
from archive.ledger.attempts import Attempt
from archive.spool import Spool
from crawler import jobs
from tests.archive.ledgers import NOON, add_attempt, add_site, made


async def committed(connection: Connection, *, hours: int) -> Attempt:
    attempt = await add_attempt(connection, tick=NOON + timedelta(hours=hours))
    await attempts.commit(connection, attempt, ended="finished", counts={}, at=datetime.now(UTC))
    return attempt


async def under_way_in_a_dead_worker(connection: Connection) -> None:
    await connection.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
        " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
    )


async def test_a_derivation_that_somebody_did_meanwhile_is_not_done_again(embedded: Services, tmp_path: Path) -> None:
    """Of two jobs of a dead worker the one whose attempt is derived goes, the other waits for a worker again."""
    dsn = await made(embedded, "rescue")  # where no other test has queued anything
    async with Ledger.open(dsn, connections=4) as ledger, jobs.open_queue(ledger) as app:
        line = SimpleNamespace(ledger=ledger, queue=app, spool=Spool(tmp_path / "spool"))
        async with ledger.transaction() as connection:
            await add_site(connection)
            derived, waiting = [await committed(connection, hours=hours) for hours in (0, 1)]
            for attempt in (derived, waiting):
                await jobs.queue_derive(line, connection, attempt)
            await attempts.derive(connection, derived, extractor=EXTRACTOR, articles=0, left_out={})
            await under_way_in_a_dead_worker(connection)
        await jobs.rescue(SimpleNamespace(app=app, additional_context={"line": line}), timestamp=0)
        async with ledger.transaction() as connection:
            left = await rows(connection, "SELECT args ->> 'run' AS run, status::text FROM procrastinate_jobs")
    assert left == [{"run": waiting.run, "status": "todo"}]
