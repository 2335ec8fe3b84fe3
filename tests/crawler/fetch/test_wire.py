"""The plain HTTP handler against a server that sends exact bytes: what was recorded is what crossed the wire."""

import datetime
import gzip
import inspect
import ipaddress
import pickle
import ssl
import subprocess
import sys
from functools import partial
from pathlib import Path

import aiohttp
import brotli
import pytest
from aiohttp.client_proto import ResponseHandler
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler

from tests.crawler.fetch.wire_client import Outcome
from tests.crawler.fetch.wire_server import Act, WireServer, serving

ROOT = Path(__file__).parents[3]
PAGE = b"<html><title>Ferry runs again</title><p>It does.</p></html>" * 20
PACKED = gzip.compress(PAGE)
OK = b"HTTP/1.1 200 OK\r\n"


def _chunked(data: bytes, sizes: list[int]) -> bytes:
    parts = []
    for size in sizes:
        parts.append(b"%X\r\n%s\r\n" % (size, data[:size]))
        data = data[size:]
    return b"".join([*parts, b"%x;note=last\r\n%s\r\n0\r\nX-Trailer: done\r\n\r\n" % (len(data), data)])


def _head(*lines: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", b""])


WHOLE = {
    "/chunked": (_head(b"Transfer-Encoding: chunked"), _chunked(PAGE, [1, 7, 301]), PAGE),
    "/gzip": (_head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(PACKED)), PACKED, PAGE),
    "/gzip-chunked": (
        _head(b"content-encoding: gzip", b"TRANSFER-ENCODING: Chunked"),
        _chunked(PACKED, [2, 3]),
        PAGE,
    ),
    "/br": (
        _head(b"Content-Encoding: br", b"Content-Length: %d" % len(brotli.compress(PAGE))),
        brotli.compress(PAGE),
        PAGE,
    ),
    "/fields": (
        _head(
            b"server: tiny",
            b"SET-COOKIE: a=1; path=/",
            b"Set-Cookie: b=2",
            b"X-Odd:no space",
            b"set-cookie: c=3",
            b"X-Empty:",
            "X-Utf8: grün".encode(),
            b"X-Latin1: gr\xfcn",
            b"Content-Length: 2",
        ),
        b"ok",
        b"ok",
    ),
    "/reason": (b"HTTP/1.1 200 Sch\xc3\xb6n, wirklich\r\nContent-Length: 2\r\n\r\n", b"ok", b"ok"),
    "/no-reason": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n", b"ok", b"ok"),
    "/bare-line-feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n", b"ok", b"ok"),
    "/long-field": (_head(b"X-Long: " + b"y" * 30000, b"Content-Length: 2"), b"ok", b"ok"),
    "/many-fields": (_head(*[b"X-%d: y" % n for n in range(300)], b"Content-Length: 2"), b"ok", b"ok"),
    "/both-lengths": (_head(b"Content-Length: 2", b"Transfer-Encoding: chunked"), b"2\r\nok\r\n0\r\n\r\n", b"ok"),
    "/empty": (_head(b"Content-Length: 0"), b"", b""),
}
BODILESS = {
    "/204": b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
    "/304": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 100\r\n\r\n",
    "/redirect": b"HTTP/1.1 302 Found\r\nLocation: /chunked\r\nContent-Length: 0\r\n\r\n",
    "/999": b"HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n",
}
SCRIPTS = {
    **{path: [head + body] for path, (head, body, _) in WHOLE.items()},
    **{path: [data] for path, data in BODILESS.items()},
    "/byte-by-byte": [bytes([byte]) for byte in WHOLE["/gzip-chunked"][0] + WHOLE["/gzip-chunked"][1]],
    "/early": [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        _head(b"Content-Length: 2") + b"ok",
    ],
    "/old": [b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nto the ", b"end", Act.CLOSE],
    "/more-than-announced": [_head(b"Content-Length: 5") + b"helloEXTRA"],
    "/two-answers": [_head(b"Content-Length: 5") + b"hello" + _head(b"Content-Length: 4") + b"evil"],
    "/short": [_head(b"Content-Length: 500") + b"hello", Act.CLOSE],
    "/reset": [_head(b"Content-Length: 500") + b"hello", Act.RESET],
    "/cut-chunk": [_head(b"Transfer-Encoding: chunked") + b"5\r\nhel", Act.CLOSE],
    "/broken-chunk": [_head(b"Transfer-Encoding: chunked") + b"3\r\nabc\r\nzz\r\nfoo"],
    "/cut-head": [b"HTTP/1.1 200 OK\r\nContent-Le", Act.CLOSE],
    "/nothing": [Act.CLOSE],
    "/garbage": [b"what is this\r\n\r\n", Act.CLOSE],
    "/hang": [_head(b"Content-Length: 500") + b"hello", Act.HANG],
    "/hang-at-once": [Act.HANG],
    "/announced-big": [_head(b"Content-Length: 5000000") + b"x" * 1000, Act.HANG],
    "/big": [_head(b"Transfer-Encoding: chunked"), *[b"1000\r\n" + b"x" * 4096 + b"\r\n"] * 40],
    "/endless-1xx": [b"HTTP/1.1 102 Processing\r\nX: " + b"y" * 9000 + b"\r\n\r\n"] * 200,
    "/post": [_head(b"Content-Length: 2") + b"ok"],
    "/credentials": [_head(b"Content-Length: 2") + b"ok"],
}
MANY = {f"/many-{n}": [_head(b"X-N: %d" % n, b"Content-Length: 4"), b"%04d" % n] for n in range(60)}
INWARD = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:7f00:1]"]
OPTIONS = {
    "/post": {"method": "POST", "body": b"q=ferry", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "/credentials": {"headers": {"Authorization": "Basic eDp5", "X-Second": "2", "Cookie": "a=b"}},
}


def ask(groups: dict[str, tuple[dict, list]]) -> dict[str, dict[str, Outcome]]:
    client = subprocess.run(
        [sys.executable, "-m", "tests.crawler.fetch.wire_client"],
        input=pickle.dumps(groups),
        capture_output=True,
        timeout=60,
        cwd=ROOT,
    )
    assert client.returncode == 0, client.stderr.decode()
    return pickle.loads(client.stdout)


@pytest.fixture(scope="module")
def servers(certificate):
    page = {"/page": SCRIPTS["/gzip-chunked"]}
    with (
        serving({**SCRIPTS, **MANY}) as plain,
        serving({"/empty": SCRIPTS["/empty"]}) as inner,
        serving({"/page": SCRIPTS["/fields"]}) as proxy,
        serving(page, tls=_tls(certificate, version=ssl.TLSVersion.TLSv1_3)) as tls13,
        serving(page, tls=_tls(certificate, version=ssl.TLSVersion.TLSv1_2)) as tls12,
    ):
        yield {"plain": plain, "inner": inner, "proxy": proxy, "tls/1.3": tls13, "tls/1.2": tls12}


@pytest.fixture(scope="module")
def server(servers) -> WireServer:
    return servers["plain"]


@pytest.fixture(scope="module")
def asked(servers) -> dict[str, dict[str, Outcome]]:
    """All requests of this module, asked by one process: starting Scrapy costs a second."""
    plain, inner, tls13, tls12 = (_place(servers[name]) for name in ("plain", "inner", "tls/1.3", "tls/1.2"))
    inner_port = servers["inner"].port
    hosts = [(host, f"http://{host}:{inner_port}/empty", {}) for host in INWARD]
    proxy = {"meta": {"proxy": f"http://user:secret@{_place(servers['proxy'])}"}}
    short = [("short", f"http://{plain}/short", {})]
    secure = [("page", f"https://{tls13}/page", {})]
    return ask(
        {
            "plain": (_allowing(plain, DOWNLOAD_MAXSIZE=65536), _plain_requests(f"http://{plain}")),
            "together": (_allowing(plain, TOGETHER=True), [(path, f"http://{plain}{path}", {}) for path in MANY]),
            "refused": (_allowing("127.0.0.1:9"), [("refused", "http://127.0.0.1:9/", {})]),
            "dataloss": (_allowing(plain, DOWNLOAD_FAIL_ON_DATALOSS=False), short),
            "inward": (_allowing("127.0.0.1:1"), hosts),
            "by name": (_allowing(f"localhost:{inner_port}"), hosts),
            "by address": (_allowing(inner), hosts),
            "proxy": ({}, [("outside", "http://news.example/page", proxy), ("inside", "http://10.0.0.1/", proxy)]),
            "tls/1.3": (_allowing(tls13), secure),
            "tls/1.2": (_allowing(tls12), [("page", f"https://{tls12}/page", {})]),
            "verified": (_allowing(tls13, DOWNLOAD_VERIFY_CERTIFICATES=True), secure),
        }
    )


@pytest.fixture(scope="module")
def outcomes(asked) -> dict[str, Outcome]:
    return asked["plain"]


def _place(server: WireServer) -> str:
    return f"127.0.0.1:{server.port}"


def _allowing(place: str, **settings) -> dict:
    return {"MICROFICHE_ALLOWED_ADDRESSES": [place], "DOWNLOAD_TIMEOUT": 10, **settings}


def _plain_requests(base: str) -> list:
    hanging = {"meta": {"download_timeout": 0.3}}
    requests = [(path, base + path, OPTIONS.get(path, hanging if "hang" in path else {})) for path in SCRIPTS]
    requests.append(("HEAD", f"{base}/304", {"method": "HEAD"}))
    requests.append(("kept", f"{base}/hang", {"meta": {"download_timeout": 0.3, "exchange": "stale"}}))
    return requests


def _tls(certificate: Path, *, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.maximum_version = version
    return context


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("path", WHOLE)
def test_a_whole_answer_is_kept_byte_for_byte(outcomes, path):
    head, body, page = WHOLE[path]
    outcome = outcomes[path]
    assert (outcome.error, outcome.status, outcome.body) == (None, 200, page)
    assert outcome.exchange.response_head == head
    assert outcome.exchange.response_body == body
    assert outcome.exchange.truncated is None


@pytest.mark.parametrize("path", BODILESS)
def test_an_answer_without_a_body_is_kept_with_its_head_alone(outcomes, path):
    exchange = outcomes[path].exchange
    assert (exchange.response_head, exchange.response_body) == (BODILESS[path], b"")
    assert exchange.truncated is None
    assert outcomes[path].status == exchange.status


def test_an_answer_that_comes_byte_by_byte_is_kept_whole(outcomes):
    head, body, _ = WHOLE["/gzip-chunked"]
    exchange = outcomes["/byte-by-byte"].exchange
    assert (exchange.response_head, exchange.response_body) == (head, body)
    assert outcomes["/byte-by-byte"].body == PAGE


def test_repeated_fields_reach_scrapy_each(outcomes):
    fields = [value for name, value in outcomes["/fields"].headers if name == b"Set-Cookie"]
    assert fields == [b"a=1; path=/", b"b=2", b"c=3"]


def test_1xx_heads_stand_apart_from_the_answer(outcomes):
    exchange = outcomes["/early"].exchange
    assert exchange.informational == (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    )
    assert (exchange.status, exchange.response_body) == (200, b"ok")


def test_a_body_that_ends_with_the_connection_is_whole(outcomes):
    exchange = outcomes["/old"].exchange
    assert (exchange.response_body, exchange.truncated) == (b"to the end", None)
    assert exchange.protocols == ("http/1.0",)
    assert outcomes["/old"].body == b"to the end"


@pytest.mark.parametrize("path", ["/more-than-announced", "/two-answers"])
def test_bytes_behind_the_announced_end_are_no_part_of_the_answer(outcomes, path):
    assert outcomes[path].body == b"hello"
    assert outcomes[path].exchange.response_body == b"hello"
    assert outcomes[path].exchange.truncated is None


def test_no_byte_of_one_answer_leaks_into_the_next(outcomes, server):
    following = outcomes["/short"].exchange  # asked right after /two-answers
    assert following.response_head == _head(b"Content-Length: 500")
    connections = {data.split()[1]: number for number, data in server.requests}
    assert connections[b"/short"] != connections[b"/two-answers"]


def test_a_connection_is_used_again(outcomes, server):
    connections = {data.split()[1]: number for number, data in server.requests}
    assert connections[b"/chunked"] == connections[b"/gzip"] == connections[b"/br"] == connections[b"/no-reason"]


def test_exchanges_that_run_at_once_are_not_mixed_up(asked):
    for path, (head, body) in MANY.items():
        exchange = asked["together"][path].exchange
        assert (exchange.response_head, exchange.response_body) == (head, body)
        assert exchange.request_head.startswith(b"GET %s HTTP/1.1\r\n" % path.encode())
        assert exchange.url.endswith(path)


@pytest.mark.parametrize(
    ("path", "body", "truncated", "error"),
    [
        ("/short", b"hello", "disconnect", "ResponseDataLossError"),
        ("/reset", b"hello", "disconnect", "ResponseDataLossError"),
        ("/cut-chunk", b"5\r\nhel", "disconnect", "ResponseDataLossError"),
        ("/broken-chunk", b"3\r\nabc\r\nzz\r\nfoo", "unspecified", "DownloadFailedError"),
        ("/hang", b"hello", "time", "DownloadTimeoutError"),
    ],
)
def test_what_came_of_a_cut_answer_is_kept_with_the_reason(outcomes, path, body, truncated, error):
    exchange = outcomes[path].exchange
    assert outcomes[path].error == error
    assert (exchange.status, exchange.response_body, exchange.truncated) == (200, body, truncated)


def test_a_body_over_the_limit_is_cut_for_its_length(outcomes):
    announced, streamed, endless = (outcomes[path] for path in ("/announced-big", "/big", "/endless-1xx"))
    assert {announced.error, streamed.error} == {"DownloadCancelledError"}
    assert announced.exchange.truncated == streamed.exchange.truncated == "length"
    assert 65536 < len(streamed.exchange.response_body) < 3 * 65536
    assert endless.error == "DownloadFailedError"
    assert endless.exchange.truncated == "length"
    assert not endless.exchange.answered


def test_a_cut_head_is_kept_as_it_came(outcomes):
    exchange = outcomes["/cut-head"].exchange
    assert (exchange.response_head, exchange.truncated) == (b"HTTP/1.1 200 OK\r\nContent-Le", "disconnect")


@pytest.mark.parametrize(
    ("path", "received", "truncated"),
    [("/nothing", b"", "disconnect"), ("/hang-at-once", b"", "time"), ("/garbage", b"what is this\r\n\r\n", None)],
)
def test_no_answer_leaves_the_request_and_whatever_came(outcomes, path, received, truncated):
    exchange = outcomes[path].exchange
    assert outcomes[path].error in {"DownloadFailedError", "DownloadTimeoutError"}
    assert not exchange.answered
    assert exchange.response_head == received
    assert exchange.truncated in {truncated, "disconnect", "unspecified"}
    assert exchange.request_head.startswith(b"GET " + path.encode())


def test_head_requests_have_no_body(outcomes):
    assert outcomes["HEAD"].exchange.method == "HEAD"
    assert outcomes["HEAD"].exchange.response_body == b""
    assert outcomes["HEAD"].exchange.truncated is None


def test_the_exchange_of_an_earlier_try_does_not_stay(outcomes):
    assert outcomes["kept"].exchange.truncated == "time"


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


def test_what_never_connected_has_no_exchange(asked):
    outcome = asked["refused"]["refused"]
    assert (outcome.error, outcome.exchange) == ("DownloadConnectionRefusedError", None)
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


def test_a_proxy_is_asked_but_not_for_what_lies_inward(asked):
    outside, inside = asked["proxy"]["outside"], asked["proxy"]["inside"]
    assert (outside.status, outside.body, outside.exchange.peer) == (200, b"ok", None)
    assert outside.exchange.request_head.startswith(b"GET http://news.example/page HTTP/1.1\r\n")
    assert (inside.error, inside.exchange) == ("AddressRefused", None)


@pytest.mark.parametrize(
    ("protocol", "cipher"),
    [("tls/1.3", "TLS_AES_256_GCM_SHA384"), ("tls/1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")],
)
def test_tls_is_kept_by_version_and_cipher_suite(asked, protocol, cipher):
    head, body, page = WHOLE["/gzip-chunked"]
    outcome = asked[protocol]["page"]
    assert (outcome.body, outcome.exchange.response_head, outcome.exchange.response_body) == (page, head, body)
    assert outcome.exchange.protocols == ("http/1.1", protocol)
    assert outcome.exchange.cipher == cipher


def test_a_bad_certificate_is_refused_when_scrapy_verifies(asked):
    outcome = asked["verified"]["page"]
    assert outcome.error == "DownloadConnectionRefusedError"
    assert outcome.exchange is None


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
