"""What the embedded servers have in common: what is noted about one, and what one can do."""

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from archive.embedded.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running or stopped server as services.json notes it: its process, its port and its one account.

    `proved` once it has done real work since it was started.
    """

    process: Process
    port: int
    user: str
    secret: str = field(repr=False)
    proved: bool = False

    def as_json(self) -> dict[str, Any]:
        """Gives the note for services.json."""
        return {
            "pid": self.process.pid,
            "started": self.process.started,
            "mark": self.process.mark,
            "port": self.port,
            "user": self.user,
            "secret": self.secret,
            "proved": self.proved,
        }

    @classmethod
    def from_json(cls, note: Any) -> "Server":
        """Reads a note back; raises KeyError, TypeError or ValueError on one that is none."""
        process = Process(int(note["pid"]), float(note["started"]), str(note["mark"]))
        return cls(
            process=process,
            port=int(note["port"]),
            user=str(note["user"]),
            secret=str(note["secret"]),
            proved=note["proved"] is True,
        )


class Service(Protocol):
    """A kind of server that lives in the data folder."""

    @property
    def name(self) -> str:
        """The key in services.json, the folder and the log."""

    @property
    def log(self) -> Path:
        """The file its output goes to."""

    @property
    def patience(self) -> float:
        """Seconds a start may take."""

    @property
    def stop_patience(self) -> float:
        """Seconds an end in order may take, before it is killed."""

    @property
    def stop_signal(self) -> signal.Signals:
        """Asks it to end in order, and soon."""

    def start(self, before: Server | None, *, claims: ExitStack) -> Server:
        """Starts the server with the account it had before, and does not wait for it; `claims` keeps its ports free."""

    def probe(self, server: Server) -> Callable[[], bool]:
        """Gives a question to be asked until it is True: does the server do real work for its account?"""
