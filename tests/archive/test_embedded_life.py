"""The life of the embedded servers among commands that come, go and die, with the real servers."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from archive.embedded import Services, kept, s3, services, shared
from archive.embedded.ports import ROW, claimed_ports
from archive.embedded.server import Server, Service
from archive.errors import StoreError
from tests.archive.conftest import open_store
from tests.archive.holder import command, noted
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
            server.wait(60)
    with services(used) as after:
        assert open_store(after, prefix="").get("last") == b"words"
        with psycopg.connect(after.dsn) as connection:
            assert connection.execute("SELECT to_regclass('last_words')::text").fetchone() == ("last_words",)


@pytest.mark.parametrize("dead", ["postgres", "s3"])
def test_a_server_that_died_alone_is_started_alone(used: Path, dead: str):
    with services(used) as first:
        before = noted(used)
        before[dead].kill()
        before[dead].wait(60)
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
            server.wait(60)
        wait_until(lambda: _answers(first))
        assert _kept(first) == (("before",), b"before")
        assert not set(noted(used).values()) & set(before.values())
    assert noted(used) == {}


def test_what_is_kept_outlives_its_note(used: Path):
    """A note that is lost or broken is written again; what died meanwhile comes back with its password and its port."""
    with services(used, s3=False) as running, kept(used, s3=False):
        (server,) = noted(used).values()
        (used / "services.json").write_text("{")
        server.kill()
        wait_until(lambda: _queried(running))
        (server,) = noted(used).values()
        (used / "services.json").unlink()
        wait_until((used / "services.json").exists)
        assert noted(used) == {"postgres": server}
    assert noted(used) == {}


def _queried(running: Services) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(running.dsn):
        return True
    return False


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


@pytest.mark.timeout(90)  # a store that waits for the stranger's first word waits longer
@pytest.mark.parametrize("place", [0, 4])
def test_a_port_that_somebody_took_just_before_it_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """Whoever took it accepts connections and says nothing; S3 comes up elsewhere."""
    with contextlib.ExitStack() as strangers:
        taken: list[int] = []

        @contextlib.contextmanager
        def claimed_and_soon_taken(before: int | None, *, count: int, also: int) -> Iterator[int]:
            with claimed_ports(before, count=count, also=also) as port:
                if not taken:
                    stranger = strangers.enter_context(socket.socket())
                    stranger.bind(("127.0.0.1", port + place))
                    stranger.listen()
                    taken.append(port)
                yield port

        monkeypatch.setattr(s3, "claimed_ports", claimed_and_soon_taken)
        with services(folder, postgres=False) as running:
            open_store(running, prefix="").put_bytes("word", b"kept")
            assert running.endpoint not in {None, f"http://127.0.0.1:{taken[0]}"}
    assert noted(folder) == {}


def test_ports_are_claimed_until_their_server_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or else another command, which starts its own at the same instant, may take one of them."""
    claimed: list[bool] = []

    def ready(service: Service, server: Server) -> bool:
        claimed.append(_is_claimed(server.port))
        return ready_in_truth(service, server)

    ready_in_truth = shared._ready
    monkeypatch.setattr(shared, "_ready", ready)
    with services(folder):
        assert claimed == [True, True]
        assert [_is_claimed(port) for port, _, _ in _addresses(folder).values()] == [False, False]


def _is_claimed(port: int) -> bool:
    with socket.socket() as sign:
        try:
            sign.bind(("127.0.0.1", port + ROW))
        except OSError:
            return True
        return False
