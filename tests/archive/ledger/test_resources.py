"""What the ledger knows of URLs and payloads, from commits in any order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.ledger import Connection, resources, rows
from archive.ledger.resources import Resource, key_of
from archive.original import Original
from tests.archive.ledgers import DAY, HOUR, NOON, add_site

URL = "https://courier.example/ferry"
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
HTML = "gzip 200 text/html"


def told(url: str = URL, *, digest: str = A, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """A whole answer as a commit tells it."""
    return {
        "url": url,
        "status": 200,
        "mime": "text/html",
        "digest": digest,
        "coding": HTML,
        "captured_at": at.isoformat(),
        "fresh_until": (at + DAY).isoformat(),
        "etag": '"1"',
        "record_id": f"<urn:uuid:{digest[-4:]}>",
        "filename": f"{at:%Y%m%d%H%M%S}aaaaaa-1-00000.warc.gz",
        "offset": 1000,
        "size": 5000,
        **changes,
    }


def seen(url: str = URL, **changes: Any) -> dict[str, Any]:
    """An answer whose payload another record holds."""
    whole = told(url, **changes)
    return {name: value for name, value in whole.items() if name not in ("record_id", "filename", "offset", "size")}


def confirmed(*, at: datetime, **changes: Any) -> dict[str, Any]:
    """A 304."""
    whole = seen(at=at, status=304, **changes)
    return {name: value for name, value in whole.items() if name not in ("mime", "coding", "etag")}


def original(*, digest: str = A, at: datetime = NOON, url: str = URL) -> Original:
    return Original(
        uri=url,
        date=at,
        record_id=f"<urn:uuid:{digest[-4:]}>",
        digest=digest,
        filename=f"{at:%Y%m%d%H%M%S}aaaaaa-1-00000.warc.gz",
        offset=1000,
        coding=HTML,
    )


async def entered(connection: Connection, *commits: list[dict[str, Any]]) -> dict[bytes, Resource]:
    """What is known after these commits."""
    await add_site(connection)
    for commit in commits:
        await resources.enter(connection, commit, site="courier")
    keys = [row["key"] for row in await rows(connection, "SELECT key FROM resources")]
    return await resources.find(connection, keys, site="courier")


async def test_an_answer_is_known_with_its_original(connection: Connection) -> None:
    """Under its exact URL, without the fragment, as WARC writes URLs."""
    found = await entered(connection, [told()])
    assert found == {
        key_of(URL): Resource(
            url=URL,
            status=200,
            mime="text/html",
            digest=A,
            captured_at=NOON,
            etag='"1"',
            last_modified=None,
            fresh_until=NOON + DAY,
            original=original(),
            size=5000,
            coding=HTML,
        )
    }
    assert key_of(f"{URL}#top") == key_of(URL)
    assert key_of("https://courier.example/f erry") == key_of("https://courier.example/f%20erry")
    assert key_of(f"{URL}/") != key_of(URL)


@pytest.mark.parametrize("backwards", [False, True])
async def test_the_last_answer_stands_and_the_first_capture_of_a_payload(
    connection: Connection, *, backwards: bool
) -> None:
    """Whichever commit comes first, and however often."""
    commits = [
        [told(at=NOON)],
        [told(at=NOON + HOUR, digest=B, etag='"2"')],
        [told(f"{URL}/copy", at=NOON + 2 * HOUR)],
        [seen(at=NOON + 3 * HOUR, etag='"3"')],
    ]
    if backwards:
        commits.reverse()
    found = await entered(connection, *commits, *commits)
    known = found[key_of(URL)]
    assert (known.digest, known.etag, known.captured_at) == (A, '"3"', NOON + 3 * HOUR)
    assert known.original == original(at=NOON)
    assert found[key_of(f"{URL}/copy")].original == original(at=NOON)


async def test_a_304_confirms_what_is_known(connection: Connection) -> None:
    """New times and validators; what it does not say stays."""
    later = NOON + HOUR
    found = await entered(connection, [told()], [confirmed(at=later, last_modified="Fri, 20 Nov 2026 11:00:00 GMT")])
    known = found[key_of(URL)]
    assert (known.status, known.mime, known.etag, known.last_modified) == (
        200,
        "text/html",
        '"1"',
        "Fri, 20 Nov 2026 11:00:00 GMT",
    )
    assert (known.captured_at, known.fresh_until, known.original) == (later, later + DAY, original())


async def test_a_304_of_something_else_confirms_nothing(connection: Connection) -> None:
    """Of another payload, of an older time, of a URL that is not known."""
    found = await entered(
        connection,
        [told()],
        [confirmed(at=NOON + HOUR, digest=B), confirmed(at=NOON - HOUR), confirmed(url=f"{URL}/x", at=NOON + HOUR)],
    )
    assert [(one.url, one.captured_at) for one in found.values()] == [(URL, NOON)]


async def test_an_error_page_holds_a_payload_and_is_no_resource(connection: Connection) -> None:
    """A later error page of the same text can refer to it."""
    gone = "404 text/html"
    assert await entered(connection, [told(status=404, coding=gone)]) == {}
    found = await resources.originals(connection, [(A, gone), (A, HTML), (B, gone)], site="courier")
    assert list(found) == [(A, gone)]


async def test_payloads_are_found_by_digest_and_coding_of_their_site(connection: Connection) -> None:
    """Not those of another site."""
    await entered(connection, [told(), told(f"{URL}/2", digest=B)])
    await add_site(connection, "herald")
    assert await resources.originals(connection, [(A, HTML), (B, HTML), (B, "br 200 text/html")], site="courier") == {
        (A, HTML): original(),
        (B, HTML): original(digest=B, url=f"{URL}/2"),
    }
    assert await resources.originals(connection, [(A, HTML)], site="herald") == {}
    assert await resources.holds_any(connection, site="courier")
    assert not await resources.holds_any(connection, site="herald")


async def test_what_the_store_has_lost_is_referred_to_no_more(connection: Connection) -> None:
    """The resource stays, and is asked for whole, having no original."""
    await entered(connection, [told(), told(f"{URL}/2", digest=B)])
    await resources.forget(connection, [A], site="courier")
    found = await resources.find(connection, [key_of(URL), key_of(f"{URL}/2")], site="courier")
    assert found[key_of(URL)].original is None
    assert found[key_of(f"{URL}/2")].original is not None


async def test_microseconds_are_kept(connection: Connection) -> None:
    """A revisit names its original by the very date of the record."""
    moment = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC) + timedelta(microseconds=1)
    found = await entered(connection, [told(at=moment)])
    known = found[key_of(URL)].original
    assert known is not None
    assert known.date == moment
