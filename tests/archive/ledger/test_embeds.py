"""What pages need to be seen again, as commits tell of it."""

from datetime import datetime
from typing import Any

from archive.ledger import Connection, embeds, resources
from archive.ledger.embeds import Due, Miss
from archive.ledger.resources import key_of
from tests.archive.ledgers import DAY, HOUR, NOON, add_site

PAGE = "https://courier.example/1"
CSS = "https://cdn.example/late.css"


async def entered(connection: Connection, *, since: datetime = NOON, **told: Any) -> None:
    """Enters what one commit tells."""
    nothing: dict[str, Any] = {"due": [], "settled": [], "missed": []}
    await embeds.enter(connection, site="courier", since=since, **{**nothing, **told})


def missed(*, at: datetime, **changes: Any) -> dict[str, Any]:
    told = {"url": CSS, "status": 404, "captured_at": at.isoformat(), "fresh_until": (at + DAY).isoformat()}
    return {**told, **changes}


async def test_embeds_are_due_until_they_are_captured_or_settled(connection: Connection) -> None:
    """An older commit that comes late brings none back that was captured or missed since."""
    await add_site(connection)
    page = {"status": 200, "mime": "text/css", "digest": "sha256:a", "coding": " 200 text/css"}
    seen = {"url": "https://cdn.example/new.css", "captured_at": NOON + HOUR, "fresh_until": NOON + DAY}
    await resources.enter(connection, [page | seen], site="courier")
    due = [{"url": f"https://cdn.example/{name}.css", "page": PAGE} for name in ("late", "new", "dead")]
    due[0]["kind"] = "frame"
    gone = {"url": "https://cdn.example/gone.css", "page": PAGE}
    await entered(connection, missed=[missed(at=NOON + HOUR, url=gone["url"])], since=NOON + HOUR)
    await entered(connection, due=[*due, gone])
    assert {one.url for one in await embeds.due(connection, site="courier", most=9)} == {CSS, due[2]["url"]}
    assert await embeds.among_due(connection, [key_of(one["url"]) for one in due], site="courier") == {
        key_of(CSS),
        key_of(due[2]["url"]),
    }
    await entered(connection, due=due[:1], settled=[due[2]["url"]], since=NOON + 2 * HOUR)
    assert await embeds.due(connection, site="courier", most=9) == [Due(url=CSS, page=PAGE, kind="frame")]


async def test_the_last_miss_is_kept_until_somebody_may_ask_again(connection: Connection) -> None:
    """An older one that comes late changes nothing; a run that begins after its time has it forgotten."""
    await add_site(connection)
    moved = missed(at=NOON, status=302, mime="text/html", digest="sha256:b", location="/new.css")
    await entered(connection, missed=[moved])
    await entered(connection, missed=[missed(at=NOON - HOUR)], since=NOON - HOUR)
    found = await embeds.misses(connection, [key_of(CSS), key_of(PAGE)], site="courier")
    assert found == {
        key_of(CSS): Miss(
            url=CSS,
            status=302,
            reason=None,
            mime="text/html",
            digest="sha256:b",
            location="/new.css",
            captured_at=NOON,
            fresh_until=NOON + DAY,
        )
    }
    await entered(connection, missed=[missed(at=NOON + HOUR, status=0, reason="timeout")], since=NOON + HOUR)
    found = await embeds.misses(connection, [key_of(CSS)], site="courier")
    assert [(one.status, one.reason) for one in found.values()] == [(0, "timeout")]
    await entered(connection, since=NOON + 2 * DAY)
    assert await embeds.misses(connection, [key_of(CSS)], site="courier") == {}
