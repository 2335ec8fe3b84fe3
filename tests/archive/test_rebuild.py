"""The ledger again from the store: the same as before, in any order, any number of times."""

import json
from pathlib import Path
from typing import Any

from archive.derive import EXTRACTOR, dump
from archive.ledger import Ledger, attempts, revisions, rows, standing
from archive.ledger.revisions import Choice
from archive.rebuild import Restored, committed, rebuild
from archive.store import Store
from tests.archive.ledgers import DAY, NOON, add_attempt, add_site
from tests.archive.shelf import HOME, change, change_lines, original_of, recommit, shelve


async def rebuilt(ledger: Ledger, store: Store) -> list[Restored]:
    return [one async for one in rebuild(ledger, store, committed(store))]


async def told(ledger: Ledger) -> dict[str, Any]:
    async with ledger.transaction() as connection:
        published = [row async for row in revisions.published(connection, Choice(newest_only=False))]
        return {
            "standing": await standing.overview(connection),
            "pulse": await standing.pulse(connection),
            "tally": await standing.tally(connection),
            "published": published,
            "unfinished": await attempts.unfinished(connection),
            "attempts": await rows(
                connection, "SELECT run, number, state, ended, counts, extractor FROM attempts ORDER BY run, number"
            ),
        }


async def test_commits_and_articles_are_in_the_ledger_again(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Sites, attempts with their counts, outcomes by reason, article captures, kinds of pages."""
    shelve(store, tmp_path)
    shelve(store, tmp_path, pages=("two",), text="It sank.", tick=NOON + DAY)
    found = await rebuilt(ledger, store)
    assert [(one.name.dt, one.articles, one.problem) for one in found] == [
        ("2026-11-20", 2, None),
        ("2026-11-21", 1, None),
    ]
    now = await told(ledger)
    assert [(row["name"], row["last_run"], row["articles"]) for row in now["standing"]] == [("courier", NOON + DAY, 2)]
    assert [(row["run"][:8], row["line"], row["revision"]) for row in now["published"]] == [
        ("20261120", 0, 1),
        ("20261120", 1, 1),
        ("20261121", 0, 2),
    ]
    assert [(row["outcome"], row["number"]) for row in now["tally"]] == [("captured", 2)]
    assert [(row["state"], row["ended"], row["extractor"]) for row in now["attempts"]] == [
        ("derived", "finished", EXTRACTOR)
    ] * 2
    assert now["attempts"][0]["counts"] == {"captured": {"": 2}, "exchanges": 2}
    async with ledger.transaction() as connection:
        kinds = await rows(connection, "SELECT url, kind, captures FROM urls ORDER BY url")
    assert kinds == [
        {"url": f"{HOME}one", "kind": "article", "captures": 1},
        {"url": f"{HOME}two", "kind": "article", "captures": 1},
    ]


async def test_a_second_rebuild_changes_nothing(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Also what the ledger knows better stays: why pages gave no article."""
    for days in range(3):
        shelve(store, tmp_path, pages=(f"page{days}",), tick=NOON + days * DAY)
    await rebuilt(ledger, store)
    async with ledger.transaction() as connection:
        await connection.execute("""UPDATE attempts SET derived = '{"articles": 1, "left_out": {"tag": 4}}'""")
    before = await told(ledger)
    await rebuilt(ledger, store)
    assert await told(ledger) == before
    async with ledger.transaction() as connection:
        (found,) = await rows(connection, "SELECT DISTINCT derived FROM attempts")
    assert found["derived"] == {"articles": 1, "left_out": {"tag": 4}}


async def test_an_attempt_under_way_is_left_alone(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Its lease too."""
    shelve(store, tmp_path)
    async with ledger.transaction() as connection:
        await add_site(connection)
        attempt = await add_attempt(connection, tick=NOON + DAY)
        await attempts.lease(connection, attempt, domain="courier.example", machine="m1", seconds=60)
    await rebuilt(ledger, store)
    async with ledger.transaction() as connection:
        assert [row["run"] for row in await attempts.unfinished(connection)] == [attempt.run]
        assert [row["run"] for row in await rows(connection, "SELECT run FROM leases")] == [attempt.run]


async def test_what_is_not_derived_waits_to_be(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """As does what was derived and is damaged."""
    shelve(store, tmp_path, derived=False)
    damaged = shelve(store, tmp_path, tick=NOON + DAY)
    change_lines(store, damaged.name.articles_key, lambda _: ["{"])
    found = await rebuilt(ledger, store)
    assert [one.articles for one in found] == [None, None]
    assert [row["state"] for row in (await told(ledger))["unfinished"]] == ["committed", "committed"]


async def test_articles_that_were_lost_are_derived_again(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """What the ledger knew of them stays until then."""
    lost, _ = (shelve(store, tmp_path, tick=NOON + days * DAY) for days in (0, 1))
    await rebuilt(ledger, store)
    before = await told(ledger)
    store.delete(lost.name.articles_key)
    assert [one.articles for one in await rebuilt(ledger, store)] == [None, 2]
    after = await told(ledger)
    assert [row["run"] for row in after["unfinished"]] == [lost.name.run]
    assert after["published"] == before["published"]


async def test_an_empty_articles_object_is_derived(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """A run without articles is done; who derived it is told beside its bytes, or not known."""
    commit, other = (shelve(store, tmp_path, pages=("one",), tick=NOON + days * DAY) for days in (0, 1))
    store.put_bytes(commit.name.articles_key, dump([]), metadata={"extractor": "microfiche/0"})
    store.put_bytes(other.name.articles_key, dump([]))
    assert [one.articles for one in await rebuilt(ledger, store)] == [0, 0]
    assert [(row["state"], row["extractor"]) for row in (await told(ledger))["attempts"]] == [
        ("derived", "microfiche/0"),
        ("derived", "unknown"),
    ]


async def test_a_commit_that_cannot_be_read_costs_only_itself(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """It is told, and the others are entered; so is one that reads well and is not what was written."""
    torn, altered = (shelve(store, tmp_path, tick=NOON + days * DAY) for days in (0, 1))
    shelve(store, tmp_path, tick=NOON + 2 * DAY)
    store.put_bytes(torn.name.commit_key, b"{")
    change(store, altered.name.commit_key, lambda data: data.replace(b"https", b"httpz", 1))
    first, second, third = await rebuilt(ledger, store)
    assert first.problem is not None
    assert first.problem.startswith(f"{torn.name.commit_key} is no commit: ")
    assert second.problem is not None
    assert second.problem.startswith(f"{altered.name.commit_key} was altered: ")
    assert third.articles == 2


async def test_commits_are_entered_in_the_order_of_their_numbers(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Attempt 10 after attempt 2, which a listing puts the other way round."""
    commit = shelve(store, tmp_path)
    data = store.get(commit.name.commit_key)
    for number in (2, 10):
        store.put_bytes(commit.name.commit_key.replace("-1.json", f"-{number}.json"), data)
    assert [name.attempt for name in committed(store)] == [1, 2, 10]


async def test_urls_and_payloads_are_known_again(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Resources with their originals, whatever a later attempt saw of them, and embeds still due."""
    first = shelve(store, tmp_path, pages=("one", "two"))
    shelve(store, tmp_path, pages=("one",), tick=NOON + DAY, again={"one": original_of(store, first, "one")})
    last = shelve(store, tmp_path, pages=("two",), text="It sank.", tick=NOON + 2 * DAY)
    recommit(
        store,
        last,
        embeds_due=({"url": f"{HOME}late.css", "page": f"{HOME}two", "kind": "frame"},),
        embeds_missed=(
            {
                "url": f"{HOME}no.png",
                "status": 404,
                "captured_at": NOON.isoformat(),
                "fresh_until": (NOON + 9 * DAY).isoformat(),
            },
        ),
    )
    await rebuilt(ledger, store)
    known = await known_of(ledger)
    assert [(row["url"], row["captured_at"]) for row in known["resources"]] == [
        (f"{HOME}one", NOON + DAY),
        (f"{HOME}two", NOON + 2 * DAY),
    ]
    assert [row["filename"][:8] for row in known["payloads"]] == ["20261120", "20261122"]
    assert [(row["url"], row["kind"]) for row in known["embeds_due"]] == [(f"{HOME}late.css", "frame")]
    assert [(row["url"], row["status"]) for row in known["embed_misses"]] == [(f"{HOME}no.png", 404)]
    async with ledger.transaction() as connection:
        await connection.execute("TRUNCATE sites, runs, attempts CASCADE")
    await rebuilt(ledger, store)
    assert await known_of(ledger) == known
    await rebuilt(ledger, store)
    assert await known_of(ledger) == known


async def test_commits_from_before_there_were_resources_are_entered(
    ledger: Ledger, store: Store, tmp_path: Path
) -> None:
    """They lack the fields, and tell nothing of URLs."""
    commit = shelve(store, tmp_path)
    fields = json.loads(store.get(commit.name.commit_key))
    for name in ("resources", "embeds_due", "embeds_settled", "embeds_missed", "forms", "digest"):
        del fields[name]
    store.put_bytes(commit.name.commit_key, json.dumps(fields, separators=(",", ":")).encode())
    assert [one.problem for one in await rebuilt(ledger, store)] == [None]
    assert await known_of(ledger) == {"resources": [], "payloads": [], "embeds_due": [], "embed_misses": []}


async def known_of(ledger: Ledger) -> dict[str, Any]:
    async with ledger.transaction() as connection:
        return {
            "resources": await rows(connection, "SELECT * FROM resources ORDER BY url"),
            "payloads": await rows(connection, "SELECT * FROM payloads ORDER BY captured_at"),
            "embeds_due": await rows(connection, "SELECT * FROM embeds_due ORDER BY url"),
            "embed_misses": await rows(connection, "SELECT * FROM embed_misses ORDER BY url"),
        }
