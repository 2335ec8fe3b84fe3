"""Servers that belong to a data folder and are shared by every command that works in it.

    services.lock    the gate: one command at a time looks, starts, leaves or stops
    services.users   each command holds a shared lock on it while it works; who gets it alone is the last one
    services.json    what runs: process, port, account of each server (mode 0600)

The system drops the locks of a killed command by itself. Was it the last, its servers run on; the next command finds
them in services.json and takes them over.
"""

import fcntl
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from archive.embedded.ports import accepts
from archive.embedded.process import reason
from archive.embedded.server import Server, Service
from archive.errors import ServiceError

_STARTS = 3
_TICK = 0.02


@dataclass(frozen=True, slots=True)
class Shared:
    """The servers of one data folder (absolute), as all commands in it see them."""

    data_dir: Path
    services: tuple[Service, ...]

    @contextmanager
    def attached(self, wanted: Collection[str]) -> Iterator[Mapping[str, Server]]:
        """Holds the wanted servers up; gives those that run, by name; the last to leave stops them all."""
        with _open(self.data_dir / "services.users") as users:
            try:
                with self._gate():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    running = self._ensure([service for service in self.services if service.name in wanted])
                yield running
            finally:
                with self._gate():
                    if _alone(users):
                        self._stop_all()
                    fcntl.flock(users, fcntl.LOCK_UN)

    def noted(self) -> Mapping[str, Server]:
        """The servers that services.json notes."""
        return self._read()

    def revive(self, wanted: Collection[str], *, before: Mapping[str, Server]) -> Mapping[str, Server]:
        """Starts what died of the wanted servers, which the caller holds up; returns what is noted now.

        They come back on their old ports where these are free. `before` is what was noted when the caller last looked:
        services.json may have been lost since, and is then written again.
        """
        noted = self._read()
        if all(_runs(noted.get(name)) for name in wanted):
            return noted
        with self._gate():
            noted = {**{name: server for name, server in before.items() if name in wanted}, **self._read()}
            self._write(noted)
            dead = [one for one in self.services if one.name in wanted and not _runs(noted.get(one.name))]
            return self._ensure(dead)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        with _open(self.data_dir / "services.lock") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            try:
                yield
            finally:
                # Said aloud, because a forked child of ours may have the file open too.
                fcntl.flock(gate, fcntl.LOCK_UN)

    def _ensure(self, wanted: Collection[Service]) -> Mapping[str, Server]:
        """Starts what does not run, all at once, and waits until each answers."""
        noted = self._read()
        with ExitStack() as all_claims:
            claims = {service.name: all_claims.enter_context(ExitStack()) for service in wanted}
            for service in wanted:
                before = noted.get(service.name)
                if before is None or not before.process.alive():
                    noted[service.name] = service.start(before, claims=claims[service.name])
                    self._write(noted)
            for service in wanted:
                self._await(service, noted, claims=claims[service.name])
        return noted

    def _await(self, service: Service, noted: dict[str, Server], *, claims: ExitStack) -> None:
        """Waits for a server; one that dies is started again, for another may have taken its port meanwhile."""
        for attempt in range(_STARTS):
            if attempt:
                claims.close()  # it may have the same ports again
                noted[service.name] = service.start(noted[service.name], claims=claims)
                self._write(noted)
            if _ready(service, noted[service.name]):
                noted[service.name] = replace(noted[service.name], proved=True)
                self._write(noted)
                return
        raise ServiceError(
            f"the embedded {service.name} does not start: {reason(service.log)} (all of it in {service.log})"
        )

    def _stop_all(self) -> None:
        """Asks every noted server to end, then waits for them; who does not end in time is killed."""
        noted = self._read()
        running = [(service, noted[service.name].process) for service in self.services if service.name in noted]
        for service, process in running:
            process.signal(service.stop_signal)
        for service, process in running:
            process.end(service.stop_patience)

    def _read(self) -> dict[str, Server]:
        """Reads services.json; one that is missing or broken notes nothing."""
        names = {service.name for service in self.services}
        try:
            notes = json.loads((self.data_dir / "services.json").read_bytes())
            return {name: Server.from_json(note) for name, note in notes.items() if name in names}
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def _write(self, noted: Mapping[str, Server]) -> None:
        text = json.dumps({name: server.as_json() for name, server in noted.items()}, indent=1)
        new = self.data_dir / "services.json.new"
        with _open(new) as file:
            os.ftruncate(file, 0)
            os.write(file, text.encode())
            os.fsync(file)
        new.replace(self.data_dir / "services.json")


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """Opens a private file for the time of the block; servers do not inherit it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _runs(server: Server | None) -> bool:
    return server is not None and server.process.alive()


def _alone(users: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _ready(service: Service, server: Server) -> bool:
    """Waits until a server answers; False when it died instead, ServiceError when it takes too long."""
    if server.proved and accepts(server.port):
        return True
    deadline = time.monotonic() + service.patience
    answers = service.probe(server)
    while not answers():
        if not server.process.alive():
            return False
        if time.monotonic() > deadline:
            raise ServiceError(
                f"the embedded {service.name} (process {server.process.pid}) does not answer after "
                f"{service.patience:.0f} s: {reason(service.log)} (all of it in {service.log})"
            )
        time.sleep(_TICK)
    return True
