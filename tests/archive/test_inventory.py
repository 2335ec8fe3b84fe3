"""What a commit tells of a spool folder's records, by its bytes alone."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.exchange import Exchange
from archive.inventory import Inventory, take
from archive.original import Original
from archive.warc import WarcWriter
from tests.archive.exchanges import STARTED, exchange

DAY_LATER = "2024-05-07T07:08:09.123456Z"
ELSEWHERE = Original(
    uri="http://news.example/ferry",
    date=datetime(2024, 5, 1, tzinfo=UTC),
    record_id="<urn:uuid:11111111-1111-4111-8111-111111111111>",
    digest="sha256:" + "a" * 64,
    filename="20240501000000aaaaaa-1-00000.warc.gz",
    offset=777,
)


def taken(
    folder: Path, *written: Exchange | tuple[Exchange, Original], notes: list[dict[str, Any]] | None = None
) -> Inventory:
    writer = WarcWriter(folder, prefix="20240506000000bbbbbb-1", info={"software": "microfiche/test"})
    for one in written:
        answer, original = one if isinstance(one, tuple) else (one, None)
        writer.append(answer, original=original)
    writer.seal()
    return take(folder, notes=notes or [])


def answer(
    status: str = "200 OK", *fields: str, url: str = "http://news.example/ferry", body: bytes = b"hello"
) -> Exchange:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", "Content-Type: text/html", *fields))
    return exchange(url, head=f"{head}\r\n".encode("latin-1"), body=body)


def test_a_whole_answer_tells_where_its_payload_lies(tmp_path: Path) -> None:
    """With its validators, its codings, and when it should be asked again."""
    (told,) = taken(
        tmp_path,
        answer("200 OK", 'ETag: W/"x"', "Last-Modified: Mon, 06 May 2024 07:00:00 GMT", "Content-Encoding: br"),
    ).resources
    assert dict(told) == {
        "url": "http://news.example/ferry",
        "status": 200,
        "mime": "text/html",
        "digest": "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "coding": "br 200 text/html",
        "captured_at": "2024-05-06T07:08:09.123456Z",
        "fresh_until": DAY_LATER,
        "etag": 'W/"x"',
        "last_modified": "Mon, 06 May 2024 07:00:00 GMT",
        "record_id": told["record_id"],
        "filename": "20240506000000bbbbbb-1-00000.warc.gz",
        "offset": told["offset"],
        "size": 5,
    }


def test_the_size_is_that_of_the_payload(tmp_path: Path) -> None:
    """Out of its chunks."""
    (told,) = taken(tmp_path, answer("200 OK", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")).resources
    assert (told["size"], told["coding"]) == (5, ";chunked 200 text/html")


def test_a_revisit_tells_what_was_seen_and_no_place(tmp_path: Path) -> None:
    """An identical answer with its new validators."""
    (told,) = taken(tmp_path, (answer("200 OK", 'ETag: "new"'), ELSEWHERE)).resources
    assert (told["status"], told["digest"], told["etag"]) == (200, ELSEWHERE.digest, '"new"')
    assert {"record_id", "filename", "offset", "size"} & told.keys() == set()


def test_a_304_that_was_asked_for_confirms_its_original(tmp_path: Path) -> None:
    """By the head that is kept apart from its revisit."""
    (told,) = taken(
        tmp_path, (answer("304 Not Modified", 'ETag: "x"', "Cache-Control: max-age=172800", body=b""), ELSEWHERE)
    ).resources
    assert dict(told) == {
        "url": "http://news.example/ferry",
        "status": 304,
        "digest": ELSEWHERE.digest,
        "captured_at": "2024-05-06T07:08:09.123456Z",
        "fresh_until": "2024-05-08T07:08:09.123456Z",
        "etag": '"x"',
    }


@pytest.mark.parametrize(
    "nothing",
    [
        answer("304 Not Modified", body=b""),
        answer("301 Moved Permanently", "Location: /new"),
        answer("206 Partial Content"),
        answer("404 Not Found", body=b""),
        answer("200 OK", "Content-Encoding: \x00"),
        dataclasses.replace(answer(), truncated="disconnect"),
        dataclasses.replace(answer(), method="POST", request_head=b"POST / HTTP/1.1\r\n\r\n", request_body=b"a=b"),
        dataclasses.replace(answer(body=b""), method="HEAD", request_head=b"HEAD / HTTP/1.1\r\n\r\n"),
        dataclasses.replace(answer(), response_head=b"", response_body=b"", truncated="time"),
    ],
)
def test_what_can_hold_nothing_is_not_told(tmp_path: Path, nothing: Exchange) -> None:
    """A 304 nobody asked for, redirects, parts, cut answers, answers to other methods, no answer."""
    assert taken(tmp_path, nothing).resources == ()


def test_an_error_page_holds_its_payload(tmp_path: Path) -> None:
    """It is no resource of its URL: its status says so."""
    (told,) = taken(tmp_path, answer("404 Not Found")).resources
    assert (told["status"], told["size"]) == (404, 5)


def test_an_empty_page_is_seen_and_holds_nothing(tmp_path: Path) -> None:
    """Nobody can refer to nothing."""
    (told,) = taken(tmp_path, answer(body=b"")).resources
    assert (told["status"], "record_id" in told) == (200, False)


def test_validators_that_no_request_could_carry_are_left_out(tmp_path: Path) -> None:
    """Too long, or with bytes that end lines and break databases."""
    (told,) = taken(tmp_path, answer("200 OK", f'ETag: "{"x" * 600}"', "Last-Modified: a\x00b")).resources
    assert {"etag", "last_modified"} & told.keys() == set()


def test_several_answers_of_one_url_come_in_their_order(tmp_path: Path) -> None:
    """So that the last one stands."""
    later = dataclasses.replace(answer(body=b"later"), started=STARTED + timedelta(seconds=1))
    found = taken(tmp_path, answer(), later).resources
    assert [told["captured_at"][17:] for told in found] == ["09.123456Z", "10.123456Z"]


def test_embeds_are_due_until_they_are_answered_or_have_failed(tmp_path: Path) -> None:
    """Whatever was answered; each once, with the first page that wants it and as what."""
    notes = wanted("late.css", "late.css", "seen.png", "gone.png", "dead.js")
    notes += [{"note": "embed-failed", "url": "http://cdn.example/dead.js", "reason": "timeout"}]
    held = taken(
        tmp_path,
        answer(url="http://cdn.example/seen.png#x"),
        answer("404 Not Found", url="http://cdn.example/gone.png"),
        notes=notes,
    )
    assert held.embeds_due == (
        {"url": "http://cdn.example/late.css", "page": "http://news.example/1", "kind": "frame"},
    )
    assert held.embeds_settled == tuple(f"http://cdn.example/{name}" for name in ("seen.png", "gone.png", "dead.js"))


def wanted(*names: str) -> list[dict[str, Any]]:
    """What the notes say of embeds that a page wants."""
    told = {"note": "embed", "page": "http://news.example/1", "kind": "frame", "at": "2024-05-06T07:08:00+00:00"}
    return [{**told, "url": f"http://cdn.example/{name}"} for name in names]


def test_an_embed_whose_server_has_no_time_is_due_until_its_note_gives_it_up(tmp_path: Path) -> None:
    """An answer 503 or 429 says nothing of the embed; given up, it is missed for as long as any other answer."""
    notes = wanted("busy.png", "never.png", "slow.png")
    notes += [{"note": "embed-failed", "url": "http://cdn.example/never.png", "reason": "http-503", "at": "…"}]
    held = taken(
        tmp_path,
        answer("503 Service Unavailable", url="http://cdn.example/busy.png"),
        answer("503 Service Unavailable", url="http://cdn.example/never.png"),
        answer("429 Too Many Requests", url="http://cdn.example/slow.png"),
        notes=notes,
    )
    assert [one["url"][19:] for one in held.embeds_due] == ["busy.png", "slow.png"]
    assert held.embeds_settled == ("http://cdn.example/never.png",)
    assert [(one["status"], one["fresh_until"]) for one in held.embeds_missed] == [(503, DAY_LATER)]


def test_what_gave_nothing_to_show_is_missed_for_a_while(tmp_path: Path) -> None:
    """Errors, redirects with where they lead, and what never answered; of wanted embeds alone, by their last answer."""
    notes = wanted("gone.png", "moved.png", "dead.js", "back.png", "no.js")
    dead = {"note": "embed-failed", "url": "http://cdn.example/dead.js", "reason": "timeout", "at": "2024-05-06"}
    notes += [dead | {"until": "2024-05-07"}, dead | {"url": "http://cdn.example/no.js", "reason": "private-address"}]
    held = taken(
        tmp_path,
        answer("404 Not Found", "Cache-Control: max-age=172800", url="http://cdn.example/gone.png"),
        answer("302 Found", "Location: /new.png", url="http://cdn.example/moved.png", body=b""),
        answer("404 Not Found", url="http://cdn.example/back.png"),
        answer("200 OK", url="http://cdn.example/back.png"),
        answer("404 Not Found", url="http://cdn.example/unwanted.png"),
        notes=notes,
    )
    assert [dict(one) for one in held.embeds_missed] == [
        {
            "url": "http://cdn.example/gone.png",
            "status": 404,
            "mime": "text/html",
            "digest": "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            "captured_at": "2024-05-06T07:08:09.123456Z",
            "fresh_until": "2024-05-08T07:08:09.123456Z",
        },
        {
            "url": "http://cdn.example/moved.png",
            "status": 302,
            "mime": "text/html",
            "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "captured_at": "2024-05-06T07:08:09.123456Z",
            "fresh_until": DAY_LATER,
            "location": "/new.png",
        },
        {
            "url": "http://cdn.example/dead.js",
            "status": 0,
            "reason": "timeout",
            "captured_at": "2024-05-06",
            "fresh_until": "2024-05-07",
        },
    ]
