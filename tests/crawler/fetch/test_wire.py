"""The plain HTTP handler at work: connections, TLS, proxies, addresses. What it records is tried in `test_records`."""

import datetime
import gzip
import inspect
import ssl
from functools import partial

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler

from tests.crawler.fetch.asking import allowing, ask_and_listen, records_by_url
from tests.crawler.fetch.behaviours import PAGE, chunked, head, sized
from tests.crawler.fetch.certificates import authority, server_certificate, serving_with
from tests.crawler.fetch.connect_proxy import PASSWORD, USER, proxying
from tests.crawler.fetch.wire_client import NAMELESS, REBINDING, Outcome
from tests.crawler.fetch.wire_server import Act, WireServer, serving

CHUNKED = [head(b"content-encoding: gzip", b"Transfer-Encoding: chunked") + chunked(gzip.compress(PAGE), sizes=(2, 3))]
OK = [sized(b"ok")]
SCRIPTS = {
    "/chunked": CHUNKED,
    "/gzip": [sized(gzip.compress(PAGE), b"Content-Encoding: gzip")],
    "/no-reason": [sized(b"ok", status=b"HTTP/1.1 200")],
    "/two-answers": [sized(b"hello") + sized(b"evil")],
    "/short": [head(b"Content-Length: 500") + b"hello", Act.CLOSE],
    "/reset": [head(b"Content-Length: 500") + b"hello", Act.RESET],
    "/hang": [head(b"Content-Length: 500") + b"hello", Act.HANG],
    "/fields": [sized(b"ok", b"SET-COOKIE: a=1; path=/", b"Set-Cookie: b=2", b"set-cookie: c=3")],
    "/post": OK,
    "/credentials": OK,
}
MANY = {f"/many-{n}": [head(b"X-N: %d" % n, b"Content-Length: 4"), b"%04d" % n] for n in range(60)}
INWARD = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:7f00:1]", "2130706433", "127.1", "0", "0x7f000001"]
OPTIONS = {
    "/hang": {"meta": {"download_timeout": 1, "exchange": "stale"}},
    "/post": {"method": "POST", "body": b"q=ferry", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "/credentials": {"headers": {"Authorization": "Basic eDp5", "X-Second": "2", "Cookie": "a=b"}},
}
FAILING = {
    "refused": ("http://127.0.0.1:9/", "connection-refused"),
    "unknown name": ("http://no-such-name.invalid/", "no-such-host"),
    "name with two dots": ("http://news..example/", "no-such-host"),
    "name of 300 letters": (f"http://{'a' * 300}.example/", "no-such-host"),
    "100 kB": (f"http://news.example/{'a' * 100_000}", "bad-url"),
    "another scheme": ("gopher://127.0.0.1/", "bad-url"),
    "port that is none": ("http://127.0.0.1:99999/", "bad-url"),
}


@pytest.fixture(scope="module")
def kept_in(tmp_path_factory):
    """Folders for the records of groups."""
    return {group: tmp_path_factory.mktemp(group) for group in ("plain", "tunnel", "userinfo", "ipv6")}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    signer = authority(folder)
    good = server_certificate(signer, folder, name="good")
    bad = {
        "expired": server_certificate(signer, folder, name="expired", expired=True),
        "another name": server_certificate(signer, folder, name="another", address="192.0.2.1"),
        "self-signed": server_certificate(None, folder, name="self-signed"),
    }
    page = {"/page": CHUNKED}
    with (
        serving({**SCRIPTS, **MANY}) as plain,
        serving({"/empty": [sized(b"")]}) as inner,
        serving({}, greeting=b"HTTP/1.1 400 Speak TLS\r\n\r\n") as no_tls,
        serving(page, host="::1") as ipv6,
        serving(page, tls=serving_with(good)) as tls13,
        serving(page, tls=serving_with(good, version=ssl.TLSVersion.TLSv1_2)) as tls12,
        serving(page, tls=serving_with(bad["expired"])) as expired,
        serving(page, tls=serving_with(bad["another name"])) as another,
        serving(page, tls=serving_with(bad["self-signed"])) as unknown,
        proxying() as proxy,
    ):
        yield {
            "bundle": signer.bundle, "plain": plain, "no tls": no_tls, "inner": inner, "ipv6": ipv6, "proxy": proxy,
            "tls/1.3": tls13, "tls/1.2": tls12, "expired": expired, "another name": another, "self-signed": unknown,
        }  # fmt: skip


@pytest.fixture(scope="module")
def server(servers) -> WireServer:
    return servers["plain"]


@pytest.fixture(scope="module")
def asked_and_log(servers, kept_in) -> tuple[dict[str, dict[str, Outcome]], str]:
    """All requests of this module, asked by one process: starting Scrapy costs a second."""
    plain, inner = _place(servers["plain"]), _place(servers["inner"])
    inner_port = servers["inner"].port
    hosts = [(host, f"http://{host}:{inner_port}/empty", {}) for host in INWARD]
    secure = {name: servers[name] for name in ("tls/1.3", "tls/1.2", "expired", "another name", "self-signed")}
    proxied = {"meta": {"proxy": f"http://{USER}:{PASSWORD}@127.0.0.1:{servers['proxy'].port}"}}
    wrong = {"meta": {"proxy": f"http://{USER}:wrong-pass@127.0.0.1:{servers['proxy'].port}"}}
    tunnelled = f"https://127.0.0.1:{servers['tls/1.3'].port}/page"
    groups = {
        "plain": (
            allowing(plain, KEEP=str(kept_in["plain"])),
            [(path, f"http://{plain}{path}", OPTIONS.get(path, {})) for path in SCRIPTS],
        ),
        "together": (allowing(plain, TOGETHER=True), [(path, f"http://{plain}{path}", {}) for path in MANY]),
        "failing": (allowing("127.0.0.1:9"), [(name, url, {}) for name, (url, _) in FAILING.items()]),
        "dataloss": (allowing(plain, DOWNLOAD_FAIL_ON_DATALOSS=False), [("short", f"http://{plain}/short", {})]),
        "inward": (allowing("127.0.0.1:1"), hosts),
        "by name": (allowing(f"localhost:{inner_port}"), hosts),
        "by address": (allowing(inner), hosts),
        "rebinding": (
            _resolving(plain, ["127.0.0.1"], ["127.0.0.2"], ["169.254.169.254"]),
            [(f"{n}", f"http://news.example:{servers['plain'].port}/short", {}) for n in range(3)],
        ),
        "no name servers": (
            {"DOWNLOAD_HANDLERS": {"http": NAMELESS}},
            [("page", "http://news.example/", {})],
        ),
        "several addresses": (
            _resolving(plain, ["127.0.0.2", "10.0.0.1", "127.0.0.1"]),
            [("page", f"http://news.example:{servers['plain'].port}/gzip", {})],
        ),
        "ipv6": (
            allowing(f"[::1]:{servers['ipv6'].port}", KEEP=str(kept_in["ipv6"])),
            [("page", f"http://[::1]:{servers['ipv6'].port}/page", {})],
        ),
        "proxy": (
            {},
            [
                ("outside", "http://news.example/page", proxied),
                *((host, f"http://{host}/", proxied) for host in ("10.0.0.1", "2130706433", "localhost", "[::1]")),
                ("wrong password", "http://news.example/page", wrong),
                ("wrong password, tunnel", "https://news.example/page", wrong),
                ("no proxy", "http://news.example/page", {"meta": {"proxy": "http://reader:s3cret-pass@127.0.0.1:9"}}),
            ],
        ),
        "tunnel": (
            allowing(f"127.0.0.1:{servers['tls/1.3'].port}", KEEP=str(kept_in["tunnel"])),
            [("page", tunnelled, proxied)],
        ),
        "userinfo": (
            allowing(plain, KEEP=str(kept_in["userinfo"])),
            [
                ("page", f"http://{USER}:{PASSWORD}@{plain}/gzip", {}),
                ("gone", f"http://{USER}:{PASSWORD}@{plain}/short", {}),
            ],
        ),
        "tls": (
            allowing(*map(_place, secure.values()), DOWNLOAD_VERIFY_CERTIFICATES=True),
            [(name, f"https://{_place(each)}/page", {}) for name, each in secure.items()],
        ),
        "no tls": (
            allowing(_place(servers["no tls"])),
            [("plain", f"https://{_place(servers['no tls'])}/page", {})],
        ),
        "trusting": (
            allowing(_place(servers["expired"]), DOWNLOAD_VERIFY_CERTIFICATES=False),
            [("page", f"https://{_place(servers['expired'])}/page", {})],
        ),
    }
    return ask_and_listen(groups, SSL_CERT_FILE=str(servers["bundle"]), LOG_LEVEL="DEBUG")


@pytest.fixture(scope="module")
def asked(asked_and_log) -> dict[str, dict[str, Outcome]]:
    return asked_and_log[0]


@pytest.fixture(scope="module")
def outcomes(asked) -> dict[str, Outcome]:
    return asked["plain"]


def _place(server: WireServer) -> str:
    return f"127.0.0.1:{server.port}"


def _resolving(place: str, *answers: list[str]) -> dict:
    return allowing(place, DOWNLOAD_HANDLERS={"http": REBINDING}, ANSWERS=list(answers))


def _reason(outcome: Outcome) -> str | None:
    return outcome.says.reason


def test_repeated_fields_reach_scrapy_each(outcomes):
    fields = [value for name, value in outcomes["/fields"].headers if name == b"Set-Cookie"]
    assert fields == [b"a=1; path=/", b"b=2", b"c=3"]


def test_no_byte_of_one_answer_leaks_into_the_next(outcomes, server):
    assert outcomes["/two-answers"].body == b"hello"
    following = outcomes["/short"].exchange  # asked right after /two-answers
    assert following.response_head == head(b"Content-Length: 500")
    connections = {data.split()[1]: number for number, data in server.requests}
    assert connections[b"/short"] != connections[b"/two-answers"]


def test_a_connection_is_used_again(outcomes, server):
    connections = {data.split()[1]: number for number, data in server.requests}
    assert connections[b"/chunked"] == connections[b"/no-reason"] == connections[b"/two-answers"]


def test_exchanges_that_run_at_once_are_not_mixed_up(asked):
    for path, (response_head, body) in MANY.items():
        exchange = asked["together"][path].exchange
        assert (exchange.response_head, exchange.response_body) == (response_head, body)
        assert exchange.request_head.startswith(b"GET %s HTTP/1.1\r\n" % path.encode())
        assert exchange.url.endswith(path)


def test_the_exchange_of_an_earlier_try_does_not_stay(outcomes):
    assert outcomes["/hang"].exchange.truncated == "time"


@pytest.mark.parametrize("path", ["/chunked", "/post", "/credentials", "/reset"])
def test_the_request_is_kept_as_it_was_sent(outcomes, server, path):
    exchange = outcomes[path].exchange
    assert exchange.request_head + exchange.request_body == server.sent_for(path)
    assert exchange.request_head.endswith(b"\r\n\r\n")


def test_a_get_announces_no_body(outcomes, server):
    assert b"content-length" not in server.sent_for("/chunked").lower()
    assert outcomes["/post"].exchange.request_body == b"q=ferry"


def test_who_answered_and_when_is_known(outcomes, server):
    exchange = outcomes["/chunked"].exchange
    age = datetime.datetime.now(datetime.UTC) - exchange.started
    assert datetime.timedelta() < age < datetime.timedelta(minutes=2)
    assert (exchange.peer, exchange.protocols, exchange.cipher) == ("127.0.0.1", ("http/1.1",), None)
    assert exchange.url == f"http://127.0.0.1:{server.port}/chunked"


@pytest.mark.parametrize("name", FAILING)
def test_what_never_connected_has_a_reason_and_no_exchange(asked, name):
    outcome = asked["failing"][name]
    assert (_reason(outcome), outcome.exchange) == (FAILING[name][1], None), outcome.error_text
    assert "exchange" not in outcome.meta


def test_a_cut_page_that_is_handed_on_is_still_told_to_be_cut(asked):
    """With DOWNLOAD_FAIL_ON_DATALOSS off Scrapy hands the cut page on."""
    outcome = asked["dataloss"]["short"]
    assert (outcome.body, outcome.flags) == (b"hello", ["dataloss"])
    assert outcome.exchange.truncated == "disconnect"


@pytest.mark.parametrize("host", INWARD)
def test_connections_inward_are_refused_by_the_address_they_lead_to(asked, host):
    assert (asked["inward"][host].error, asked["inward"][host].exchange) == ("AddressRefused", None)


def test_a_configured_place_is_allowed_by_name_and_by_address(asked, servers):
    assert [asked["by name"][host].error for host in ("127.0.0.1", "localhost")] == ["AddressRefused", None]
    assert [asked["by address"][host].error for host in ("127.0.0.1", "localhost")] == [None, None]
    assert len(servers["inner"].requests) == 3


def test_an_answer_that_changes_between_two_requests_leads_nowhere(asked):
    """/short closes its connection, so each request asks the name servers anew."""
    reasons = [_reason(asked["rebinding"][name]) for name in ("0", "1", "2")]
    assert reasons == ["cut-short", "private-address", "private-address"]


def test_name_servers_that_do_not_answer_are_told_from_names_that_are_none(asked):
    assert _reason(asked["no name servers"]["page"]) == "dns-failed"
    assert _reason(asked["failing"]["unknown name"]) == "no-such-host"


def test_of_several_addresses_those_that_lead_inward_are_passed_over(asked):
    page = asked["several addresses"]["page"]
    assert (page.status, page.exchange.peer) == (200, "127.0.0.1")


def test_ipv6_is_asked_and_kept(asked, kept_in, servers):
    outcome = asked["ipv6"]["page"]
    assert (outcome.status, outcome.body) == (200, PAGE)
    url = f"http://[::1]:{servers['ipv6'].port}/page"
    response = records_by_url(kept_in["ipv6"])[url][0]
    assert (response.type, response.field("WARC-IP-Address"), response.content().data) == ("response", "::1", PAGE)


def test_a_proxy_is_asked_but_not_for_what_lies_inward(asked):
    outside = asked["proxy"]["outside"]
    assert (outside.status, outside.body, outside.exchange.peer) == (200, b"ok", None)
    assert outside.exchange.request_head.startswith(b"GET http://news.example/page HTTP/1.1\r\n")
    for host in ("10.0.0.1", "2130706433", "localhost", "[::1]"):
        assert (asked["proxy"][host].error, asked["proxy"][host].exchange) == ("AddressRefused", None)


def test_a_proxy_that_does_not_do_it_is_named_as_the_reason(asked):
    assert _reason(asked["proxy"]["wrong password, tunnel"]) == "proxy-failed"
    assert _reason(asked["proxy"]["wrong password"]) == "http-407"
    assert _reason(asked["proxy"]["no proxy"]) == "proxy-failed"


def test_through_a_tunnel_comes_the_server_and_nothing_of_the_proxy(asked, servers, kept_in):
    outcome = asked["tunnel"]["page"]
    assert (outcome.status, outcome.body) == (200, PAGE)
    assert any(each.startswith(b"CONNECT 127.0.0.1:") for each in servers["proxy"].heads)
    (records,) = [found for url, found in records_by_url(kept_in["tunnel"]).items() if url]
    assert [record.type for record in records] == ["response", "request"]
    assert records[0].block == CHUNKED[0]
    assert records[1].block.startswith(b"GET /page HTTP/1.1\r\nHost: 127.0.0.1:")
    assert records[0].field("WARC-IP-Address") is None  # it would be the proxy's
    assert (outcome.exchange.protocols[1], outcome.exchange.cipher) == ("tls/1.3", "TLS_AES_256_GCM_SHA384")


def test_no_credentials_reach_a_record_or_a_log_line(asked_and_log, kept_in):
    asked, log = asked_and_log
    assert asked["userinfo"]["page"].status == 200
    secrets = [PASSWORD.encode(), b"wrong-pass", b"cmVhZGVyOnMzY3JldC1wYXNz", b"eDp5", b"Authorization"]
    for folder in kept_in.values():
        for path in folder.iterdir():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            assert [secret for secret in secrets if secret in data] == []
    assert [secret for secret in secrets if secret in log.encode()] == []
    assert "wrong-pass" not in asked["proxy"]["wrong password, tunnel"].error_text


@pytest.mark.parametrize(
    ("protocol", "cipher"),
    [("tls/1.3", "TLS_AES_256_GCM_SHA384"), ("tls/1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")],
)
def test_tls_is_kept_by_version_and_cipher_suite(asked, protocol, cipher):
    outcome = asked["tls"][protocol]
    assert (outcome.body, outcome.exchange.response_head + outcome.exchange.response_body) == (PAGE, CHUNKED[0])
    assert outcome.exchange.protocols == ("http/1.1", protocol)
    assert outcome.exchange.cipher == cipher


@pytest.mark.parametrize("name", ["expired", "another name", "self-signed"])
def test_a_bad_certificate_is_refused_and_not_asked_again(asked, name):
    outcome = asked["tls"][name]
    assert (_reason(outcome), outcome.error, outcome.exchange) == ("bad-certificate", "Unfetched", None)


def test_whoever_speaks_no_tls_is_told_apart(asked):
    assert _reason(asked["no tls"]["plain"]) == "tls-failed"


def test_who_turns_verification_off_gets_the_page(asked):
    assert asked["trusting"]["page"].body == PAGE


async def test_the_private_parts_of_aiohttp_that_the_handler_uses_are_there():
    """When this fails, aiohttp has moved: read crawler/fetch/wire.py again before raising the bound."""
    session = aiohttp.ClientSession()
    connector = session.connector
    assert isinstance(connector._factory, partial)
    assert connector._factory.func is ResponseHandler
    assert connector._socket_factory is None
    assert session._request_class is aiohttp.ClientRequest
    assert session._response_class is aiohttp.ClientResponse
    assert (session._max_line_size, session._max_field_size, session._max_headers) == (8190, 8190, 128)
    protocol = connector._factory()
    assert protocol._upgraded is False
    assert {"_response_eof", "start"} <= set(vars(aiohttp.ClientResponse))
    assert "set_response_params(" in inspect.getsource(aiohttp.client)
    assert "socket_factory=self._socket_factory" in inspect.getsource(aiohttp.connector)
    await session.close()


def test_the_private_parts_of_scrapy_that_the_handler_uses_are_there():
    """When this fails, Scrapy's aiohttp handler has moved: read crawler/fetch/wire.py again."""
    source = inspect.getsource(AiohttpDownloadHandler)
    assert "response_class=_ClientResponse" in source
    assert "self._session" in source
    assert {"_extract_headers", "_make_request"} <= set(vars(AiohttpDownloadHandler))
    assert list(inspect.signature(AiohttpDownloadHandler.download_request).parameters) == ["self", "request"]
