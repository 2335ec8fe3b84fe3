"""Events that a browser sends late, in another order, or never: played to the recorder one by one."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from archive.cdxj import Capture
from archive.exchange import Exchange
from crawler.browser.guard import Guard
from crawler.browser.recording import recorder as recording
from crawler.browser.recording.recorder import Recorder
from crawler.embeds.pageinfo import Seen

_URL = "http://valley-courier.example/"


class Played:
    """Stands where a page's session stands: says what it is told to, and answers calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._told: dict[str, Callable[[Mapping[str, Any]], None]] = {}

    async def call(self, method: str, **_params: Any) -> Mapping[str, Any]:
        self.calls.append(method)
        answers: dict[str, Any] = {
            "Page.getFrameTree": {"frameTree": {"frame": {"id": "main"}}},
            "Fetch.getResponseBody": {"body": "hello", "base64Encoded": False},
        }
        return answers.get(method, {})

    ask_page = call

    def on(self, event: str, told: Callable[[Mapping[str, Any]], None]) -> None:
        self._told[event] = told

    def pause(self, url: str = _URL, *, request: str = "job-1", status: int | None = None, location: str = "") -> None:
        event: dict[str, Any] = {
            "requestId": request,
            "networkId": "1",
            "frameId": "main",
            "resourceType": "Document",
            "request": {"url": url, "method": "GET", "headers": {"Accept": "*/*"}},
        }
        if status is not None:
            headers = [{"name": "Location", "value": location}] if location else []
            event |= {"responseStatusCode": status, "responseStatusText": "As Paused", "responseHeaders": headers}
        self._told["Fetch.requestPaused"](event)

    def sent(self, host: str = "valley-courier.example") -> None:
        self._told["Network.requestWillBeSentExtraInfo"]({"requestId": "1", "headers": {"Host": host}})

    def received(self, status: int = 200, *fields: str) -> None:
        text = "\r\n".join([f"HTTP/1.1 {status} As Sent", *fields, "", ""])
        told = {"requestId": "1", "statusCode": status, "headers": {}, "headersText": text}
        self._told["Network.responseReceivedExtraInfo"](told)

    def say(self, event: str, **fields: Any) -> None:
        self._told[event]({"requestId": "1", **fields})


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    monkeypatch.setattr(recording, "LATE", 0.05)
    return Played()


async def _recorder(played: Played, kept: list[Exchange], *, remembered: dict[str, Seen] | None = None) -> Recorder:
    async def keep(exchange: Exchange, *, is_page: bool) -> Capture | None:
        kept.append(exchange)
        return None

    async def may_ask(url: str, *, is_navigation: bool) -> str | None:
        return None

    recorder = Recorder(
        played,  # type: ignore[arg-type]
        keep=keep,
        may_ask=may_ask,
        guard=Guard(allowed=frozenset()),
        remembered=remembered,
        most_body=1000,
        most_page=1000,
    )
    await recorder.begin()
    return recorder


async def test_extra_info_that_comes_late_is_waited_for(played: Played) -> None:
    kept: list[Exchange] = []
    recorder = await _recorder(played, kept)
    played.pause()
    played.pause(status=200)
    while "Fetch.getResponseBody" not in played.calls:
        await recorder._chores.until_touched()
    played.received(200, "A: 1")
    played.sent()
    await recorder.finish(seconds=5)
    assert [exchange.response_head for exchange in kept] == [b"HTTP/1.1 200 As Sent\r\nA: 1\r\n\r\n"]
    assert recorder.facts["untold"] == 0


async def test_extra_info_that_never_comes_costs_no_capture(played: Played) -> None:
    kept: list[Exchange] = []
    recorder = await _recorder(played, kept)
    played.pause()
    played.sent()
    played.pause(status=200)
    await recorder.finish(seconds=5)
    assert [exchange.response_head for exchange in kept] == [b"HTTP/1.1 200 As Paused\r\n\r\n"]
    assert recorder.facts["untold"] == 1
    assert recorder.document_status == 200


async def test_the_extra_info_of_a_redirect_may_come_after_its_target_was_asked_for(played: Played) -> None:
    kept: list[Exchange] = []
    recorder = await _recorder(played, kept)
    played.pause()
    played.pause(status=302, location="http://other.example/")
    played.pause("http://other.example/", request="job-1.1")
    played.received(302, "Location: http://other.example/")
    played.sent("other.example")
    played.sent()
    played.received(200, "A: 2")
    played.pause("http://other.example/", request="job-1.1", status=200)
    await recorder.finish(seconds=5)
    by_url = {exchange.url: exchange for exchange in kept}
    assert by_url[_URL].response_head.startswith(b"HTTP/1.1 302 As Sent\r\n")
    assert b"\r\nHost: valley-courier.example\r\n" in by_url[_URL].request_head
    assert by_url["http://other.example/"].response_head == b"HTTP/1.1 200 As Sent\r\nA: 2\r\n\r\n"
    assert b"\r\nHost: other.example\r\n" in by_url["http://other.example/"].request_head
    assert recorder.redirects == (_URL,)


async def test_an_answer_from_the_disk_cache_is_no_exchange(played: Played) -> None:
    kept: list[Exchange] = []
    recorder = await _recorder(played, kept)
    played.pause()
    played.pause(status=200)
    played.say("Network.responseReceived", hasExtraInfo=False, response={"fromDiskCache": True, "status": 200})
    await recorder.finish(seconds=5)
    assert kept == []
    assert recorder.facts == {"cached": 1}


async def test_what_is_asked_when_all_is_over_is_not_let_out(played: Played) -> None:
    kept: list[Exchange] = []
    recorder = await _recorder(played, kept)
    await recorder.finish(seconds=5)
    played.calls.clear()
    played.pause()
    while not played.calls:
        await recorder._chores.until_touched()
    assert played.calls == ["Fetch.failRequest"]
    assert recorder.missing == {_URL: "later"}


async def test_events_of_requests_that_nobody_knows_are_passed_over(played: Played) -> None:
    recorder = await _recorder(played, [])
    played.sent()
    played.received()
    for name in ("responseReceivedEarlyHints", "requestServedFromCache", "loadingFinished", "loadingFailed"):
        played.say(f"Network.{name}", errorText="net::ERR_FAILED", headers={})
    played.say("Network.requestWillBeSent", request={"url": "data:text/plain,a"}, type="Image")
    await recorder.finish(seconds=5)
    assert recorder.missing == {}
    assert recorder.seen == {}
