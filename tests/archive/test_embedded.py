"""The embedded servers and their life among commands that come, go and die, with the real servers."""

import contextlib
import http.client
import json
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

from archive.embedded import Services, kept, services, settle
from archive.errors import ServiceError, StoreError
from tests.archive.conftest import open_store
from tests.archive.holder import Command, command, noted
from tests.machine import wait_until


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been used before; each test leaves it with nothing running."""
    folder = tmp_path_factory.mktemp("used") / "data"
    with services(folder) as running:
        with psycopg.connect(running.dsn) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('before')")
        open_store(running, prefix="").put_bytes("kept", b"before")
    return folder


def _kept(running: Services) -> tuple[object, bytes]:
    with psycopg.connect(running.dsn) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    return row, open_store(running, prefix="").get("kept")


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


# What they are


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


# Their life


def test_a_folder_is_used_again_and_all_stop_with_the_command(used: Path):
    before = _addresses(used)
    with services(used) as running:
        assert _kept(running) == (("before",), b"before")
        assert _addresses(used) == before
        assert set(noted(used)) == {"postgres", "s3"}
    assert noted(used) == {}


def _addresses(folder: Path) -> dict[str, tuple[int, str, str]]:
    notes = json.loads((folder / "services.json").read_text())
    return {name: (note["port"], note["user"], note["secret"]) for name, note in notes.items()}


def test_two_commands_in_a_new_folder_at_the_same_instant_share(folder: Path):
    with command(folder, s3=False) as one, command(folder, s3=False) as other:
        assert one.services() == other.services()
        server = noted(folder)["postgres"].pid
        one.leave()
        assert noted(folder)["postgres"].pid == server
        other.leave()
        assert noted(folder) == {}


def test_ctrl_c_in_one_command_leaves_the_other_its_servers(used: Path):
    with command(used, s3=False) as one, command(used, s3=False) as other:
        running = one.services()
        assert other.services() == running
        assert one.interrupt() != 0
        with psycopg.connect(running.dsn) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("before",)
        assert other.interrupt() != 0
        assert noted(used) == {}


def test_the_servers_of_a_killed_command_are_taken_over(used: Path):
    with command(used) as killed:
        running = killed.services()
        servers = noted(used)
        killed.kill()
    assert noted(used) == servers
    with command(used) as next_one:
        assert next_one.services() == running
        assert noted(used) == servers
        assert _kept(running) == (("before",), b"before")
        next_one.leave()
    assert noted(used) == {}


def test_one_killed_of_two_leaves_the_other_at_work(used: Path):
    with command(used, s3=False) as killed, command(used, s3=False) as other:
        killed.services()
        other.services()
        killed.kill()
        with command(used, s3=False) as third:
            third.services()
            third.leave()
        assert set(noted(used)) == {"postgres"}
        other.leave()
        assert noted(used) == {}


def test_what_was_acknowledged_outlives_kill_9_of_the_servers(used: Path):
    with services(used) as running:
        open_store(running, prefix="").put_bytes("last", b"words")
        with psycopg.connect(running.dsn) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS last_words ()")
        for server in noted(used).values():
            server.kill()
            server.wait(10)
    with services(used) as after:
        assert open_store(after, prefix="").get("last") == b"words"
        with psycopg.connect(after.dsn) as connection:
            assert connection.execute("SELECT to_regclass('last_words')::text").fetchone() == ("last_words",)


@pytest.mark.parametrize("dead", ["postgres", "s3"])
def test_a_server_that_died_alone_is_started_alone(used: Path, dead: str):
    with services(used) as first:
        before = noted(used)
        before[dead].kill()
        before[dead].wait(10)
        with services(used) as second:
            assert second == first
            assert _kept(first) == (("before",), b"before")
            after = noted(used)
            assert [name for name in after if after[name] != before[name]] == [dead]
        assert set(noted(used)) == {"postgres", "s3"}
    assert noted(used) == {}


def test_what_dies_while_it_is_kept_comes_back_where_it_was(used: Path):
    """Killed with -9, both at once: their clients need not look for them elsewhere."""
    with services(used) as first, kept(used):
        before = noted(used)
        for server in before.values():
            server.kill()
            server.wait(10)
        wait_until(lambda: _answers(first))
        assert _kept(first) == (("before",), b"before")
        assert not set(noted(used).values()) & set(before.values())
    assert noted(used) == {}


def _answers(running: Services) -> bool:
    with contextlib.suppress(psycopg.OperationalError, StoreError):
        return _kept(running) == (("before",), b"before")
    return False


def test_only_what_is_asked_for_is_started(used: Path):
    with services(used, s3=False) as one:
        assert (one.endpoint, one.access_key, one.secret_key) == (None, None, None)
        assert set(noted(used)) == {"postgres"}
        server = noted(used)["postgres"]
        with services(used, postgres=False) as other:
            assert other.dsn is None
            assert set(noted(used)) == {"postgres", "s3"}
        assert noted(used)["postgres"] == server
    assert noted(used) == {}


def test_nothing_asked_for_is_nothing_started(folder: Path):
    with services(folder, postgres=False, s3=False) as running:
        assert running == Services()
    assert not (folder / "services.json").exists()


def test_servers_that_nobody_noted_are_ended_before_new_ones_start(used: Path):
    with services(used):
        lost = noted(used)
        (used / "services.json").unlink()
    assert all(_alive(process) for process in lost.values())
    with services(used) as running:
        assert _kept(running) == (("before",), b"before")
        assert not any(_alive(process) for process in lost.values())


def test_a_note_of_a_process_that_is_someone_elses_is_not_believed(used: Path):
    notes = json.loads((used / "services.json").read_text())
    me = psutil.Process()
    notes["postgres"].update(pid=me.pid, started=me.create_time())
    (used / "services.json").write_text(json.dumps(notes))
    with services(used, s3=False) as running, psycopg.connect(running.dsn) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("before",)
    assert me.is_running()


def test_a_taken_port_is_left_to_who_has_it(used: Path):
    notes = json.loads((used / "services.json").read_text())
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", notes["postgres"]["port"]))
        taken.listen()
        with services(used, s3=False) as running, psycopg.connect(running.dsn) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("before",)


def test_a_first_start_that_was_killed_halfway_leaves_no_ruin(folder: Path):
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with services(folder, s3=False) as running, psycopg.connect(running.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not (folder / "postgres.new").exists()


# What a person can do wrong


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
