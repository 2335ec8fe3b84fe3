"""The embedded servers as they run: set up for a ledger, private, shut to others; and what a person is told of them."""

import http.client
import os
import re
import signal
import socket
import ssl
import stat
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from archive.embedded import Services, services, settle
from archive.errors import ServiceError
from tests.archive.conftest import open_store
from tests.archive.holder import Command, noted


def _mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_postgres_is_set_up_for_a_ledger(embedded: Services):
    wanted = {
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "fsync": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "password_encryption": "scram-sha-256",
    }
    with psycopg.connect(embedded.dsn) as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        assert dict(rows) == wanted
        collation = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        assert connection.execute(collation).fetchone() == ("b", "C.UTF-8")
        methods = "SELECT DISTINCT auth_method FROM pg_hba_file_rules"
        assert connection.execute(methods).fetchall() == [("scram-sha-256",)]


def test_postgres_wants_the_password(embedded: Services):
    assert embedded.dsn
    parts = urlsplit(embedded.dsn)
    for dsn in (f"postgresql://microfiche@127.0.0.1:{parts.port}/postgres", embedded.dsn.replace("@", "x@")):
        with pytest.raises(psycopg.OperationalError, match=r"no password supplied|password authentication failed"):
            psycopg.connect(dsn, connect_timeout=5)


def test_what_is_private_is_private(embedded: Services, embedded_folder: Path):
    assert _mode(embedded_folder) == "0o700"
    assert {path.name: _mode(path) for path in embedded_folder.iterdir()} == {
        "logs": "0o700",
        "postgres": "0o700",
        "s3": "0o700",
        "services.json": "0o600",
        "services.lock": "0o600",
        "services.users": "0o600",
    }


def test_secrets_are_in_no_command_line(embedded: Services, embedded_folder: Path):
    assert embedded.secret_key
    assert embedded.dsn
    password = urlsplit(embedded.dsn).password
    assert password
    for process in noted(embedded_folder).values():
        for argument in process.cmdline():
            assert embedded.secret_key not in argument
            assert password not in argument


def test_servers_live_apart_from_the_command_and_share_none_of_its_files(embedded: Services, embedded_folder: Path):
    for process in noted(embedded_folder).values():
        assert os.getsid(process.pid) == process.pid != os.getsid(0)
        opened = [str(path.readlink()) for path in Path(f"/proc/{process.pid}/fd").iterdir()]
        assert "/dev/null" in opened
        assert not [path for path in opened if "services." in path]


def test_all_ports_are_on_the_loopback(embedded: Services, embedded_folder: Path):
    assert set(_ports(embedded_folder)) == {"postgres", "s3"}
    for process in noted(embedded_folder).values():
        listening = [one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]
        assert set(listening) == {"127.0.0.1"}


def _ports(folder: Path) -> dict[str, list[int]]:
    return {
        name: sorted(one.laddr.port for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN)
        for name, process in noted(folder).items()
    }


def test_without_keys_no_port_of_s3_reads_writes_or_deletes(embedded: Services, embedded_folder: Path):
    store = open_store(embedded, prefix="guarded")
    store.put_bytes("object", b"guarded bytes")
    (base, *inner) = [port for port in _ports(embedded_folder)["s3"] if port < _ports(embedded_folder)["s3"][0] + 5]
    paths = ["/microfiche/guarded/object", "/buckets/microfiche/guarded/object", "/1,01637037d6", "/2,01637037d6"]
    for port in (base, *inner):
        for method in ("GET", "PUT", "POST", "DELETE"):
            for path in paths:
                status, body = _ask(port, method, path)
                assert status in {400, 401, 403, 404, 405}, (port, method, path, body)
                assert b"guarded bytes" not in body
    for path in ("/dir/assign", "/vol/grow?count=1", "/col/delete?collection=microfiche"):
        assert {_ask(port, "GET", path)[0] for port in inner} <= {401, 404}
    assert store.get("object") == b"guarded bytes"
    assert list(store.keys()) == ["object"]


def _ask(port: int, method: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body=b"evil" if method in {"PUT", "POST"} else None)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_inner_grpc_ports_admit_only_the_server_itself(embedded: Services, embedded_folder: Path):
    ports = _ports(embedded_folder)["s3"]
    grpc = [port for port in ports if port >= ports[0] + 10_000]
    assert len(grpc) == 5
    for port in grpc:
        assert not _speaks_http2(port, None)
        assert not _speaks_http2(port, ssl.create_default_context())
    own = ssl.create_default_context()
    own.load_cert_chain(embedded_folder / "s3" / "grpc.crt", embedded_folder / "s3" / "grpc.key")
    assert [_speaks_http2(port, own) for port in grpc] == [True] * 5


def _speaks_http2(port: int, context: ssl.SSLContext | None) -> bool:
    """Whether a server answers the preface of HTTP/2 (RFC 9113, 3.4) with settings, as gRPC does when it lets us in."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        try:
            if context is None:
                return _greets(plain)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            with context.wrap_socket(plain) as wrapped:
                return _greets(wrapped)
        except OSError:
            return False


def _greets(connection: socket.socket) -> bool:
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0")
    frame = connection.recv(9)
    return len(frame) == 9 and frame[3] == 4


def test_what_was_acknowledged_is_brought_to_the_disk(embedded_folder: Path):
    settle(embedded_folder)


def _message(folder: Path) -> str:
    with pytest.raises(ServiceError) as caught, services(folder):
        pass
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path):
    (tmp_path / "data").write_text("a file")
    assert _message(tmp_path / "data").endswith("data: File exists; make it yours or set another data_dir")


def test_a_folder_that_may_not_be_made_is_told():
    assert re.fullmatch(
        r"cannot use the data folder /sys/microfiche: /sys/microfiche: .*; make it yours or set another data_dir",
        _message(Path("/sys/microfiche")),
    )


def test_a_cluster_of_another_version_is_told(folder: Path):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    assert _message(folder) == (
        f"{folder}/postgres was written by Postgres 16, and this is 18; move that folder away and run "
        "`microfiche rebuild`, or go back to the microfiche that wrote it"
    )
    assert noted(folder) == {}


def test_a_broken_cluster_is_told_with_the_reason_from_the_log(folder: Path):
    (folder / "postgres").mkdir(parents=True, mode=0o700)
    (folder / "postgres" / "PG_VERSION").write_text("18\n")
    told = r"failed: .*postgresql.conf.*all of it in .*logs/postgres.log"
    with pytest.raises(ServiceError, match=told), services(folder, s3=False):
        pass


def test_an_interrupted_start_stops_what_it_started(folder: Path):
    starting = Command(folder, postgres=False)
    os.kill(starting._process.pid, 0)
    while not (folder / "services.json").exists():
        os.sched_yield()
    os.killpg(starting._process.pid, signal.SIGINT)
    starting._process.communicate()
    assert noted(folder) == {}
