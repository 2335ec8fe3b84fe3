"""The command, started warm: a process that has loaded its libraries forks itself for each call.

To load them takes a command two or three seconds of CPU, most of what it needs on a small paper, and the server that
its extracting processes are forked from takes one more. What is forked is what `python -m crawler` is: a process group
of its own, with nothing but what it is given. One line of JSON asks for a command, one tells its process id, one its
exit code.
"""

import ast
import atexit
import contextlib
import ctypes
import functools
import gc
import importlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import forkserver, util
from pathlib import Path
from typing import Any, Final, NoReturn

ROOT = Path(__file__).resolve().parent.parent
EXTRACTING: Final = "extracting"  # the name of the process that a command's extracting processes are forked from
_LOOK_EVERY = 0.01  # seconds between two looks for children that have ended
_PR_SET_NAME = 15
# How `multiprocessing` starts its fork server: which modules it loads, and two facts of ours.
_CALL = re.compile(r"from multiprocessing\.forkserver import main; main\(\d+, \d+, (\[.*\]), \*\*(\{.*\})\)")
_START = 240.0  # seconds that the first may take, on a busy machine
_LOADED = (
    *("adopt", "attempts.attempt", "attempts.frontier", "finish", "holdings", "line", "run"),
    *("fetch.handler", "spiders.news"),
    *(f"cli.{name}" for name in ("articles", "crawl", "findings", "progress", "rebuild", "rederiving", "reextract")),
    *(f"cli.{name}" for name in ("session", "site", "status", "summary", "verify", "verifying")),
)


@dataclass(frozen=True, slots=True)
class Process:
    """A command under way: its process id, which is that of its group, and the exit code to come."""

    pid: int
    code: "Future[int]"

    def wait(self, seconds: float) -> int:
        """Returns the exit code, negative for a signal; raises `TimeoutError` when it does not end in time."""
        return self.code.result(seconds)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.code.done()

    def kill(self) -> None:
        """Kills the process, and no other of its group."""
        with contextlib.suppress(ProcessLookupError):  # it ended just now
            if not self.over:
                os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kills the whole group, if the process still runs, and waits for its end."""
        with contextlib.suppress(ProcessLookupError):
            if not self.over:
                os.killpg(self.pid, signal.SIGKILL)
        self.code.exception(_START)


class Warm:
    """Starts commands; made by `open`, safe to use from several threads."""

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        self._server = server
        self._lock = threading.Lock()
        self._begun: dict[int, Future[int]] = {}
        self._codes: dict[int, Future[int]] = {}
        self._asked = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    @contextlib.contextmanager
    def open(cls) -> Iterator["Warm"]:
        """Yields a warm start; at the end of the block nothing of it runs any more."""
        server = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        warm = cls(server)
        try:
            yield warm
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait()
            warm._reader.join()

    def start(
        self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> Process:
        """Begins a command in a folder; what it prints is appended to two files, or to one."""
        with self._lock:
            self._asked += 1
            number, begun, code = self._asked, Future[int](), Future[int]()
            self._begun[number], self._codes[number] = begun, code
            asked = {"arguments": [*arguments], "folder": str(folder), "environment": {**environment}}
            asked |= {"out": str(out), "err": str(err)}
            assert self._server.stdin is not None
            self._server.stdin.write(json.dumps({"number": number, **asked}) + "\n")
            self._server.stdin.flush()
        return Process(begun.result(_START), code)

    def _read(self) -> None:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            told = json.loads(line)
            if "pid" in told:
                self._begun.pop(told["number"]).set_result(told["pid"])
            else:
                self._codes.pop(told["number"]).set_result(told["code"])
        for waiting in (*self._begun.values(), *self._codes.values()):
            waiting.set_exception(EOFError("what starts commands has ended"))


@functools.cache
def warm() -> Warm:
    """Returns the warm start that all tests of a process share; it ends with the process."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(Warm.open())


def _serve() -> None:
    """Forks a command for each line of standard input, tells how each ended; ends with the input."""
    for name in _LOADED:  # so that no command has to
        importlib.import_module(f"crawler.{name}")
    importlib.import_module("archive.warmed")
    _use_once()
    gc.freeze()  # what is loaded is looked at no more, and so stays shared
    running: dict[int, int] = {}
    buffer = b""
    while True:
        ready, _, _ = select.select([0], [], [], _LOOK_EVERY)
        if ready:
            data = os.read(0, 65536)
            if not data:
                return
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    _become(asked)
                while os.getpgid(pid) != pid:  # not a group of its own yet
                    pass
                running[pid] = asked["number"]
                _tell({"number": asked["number"], "pid": pid})
        _reap(running)


def _use_once() -> None:
    """Loads what libraries load when they are first used: Scrapy's parts, the table of domains, encodings, S3."""
    import boto3
    import charset_normalizer
    from scrapy.settings import default_settings
    from scrapy.utils.misc import load_object

    from archive.urls import registrable
    from crawler import settings

    for parts in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
        chosen = [*getattr(default_settings, f"{parts}_BASE"), *getattr(settings, parts)]
        for path in chosen:  # Scrapy loads what is switched off as well
            load_object(path)
    for part in ("SCHEDULER", "SCHEDULER_PRIORITY_QUEUE", "DUPEFILTER_CLASS", "LOG_FORMATTER"):
        load_object(getattr(default_settings, part))
    registrable("http://news.example.co.uk/")
    charset_normalizer.from_bytes("Die Fähre fährt wieder".encode("cp1252"))
    boto3.session.Session(region_name="us-east-1").client(
        "s3", aws_access_key_id="nobody", aws_secret_access_key="none"
    )
    assert "twisted.internet.reactor" not in sys.modules, "each command chooses its own"


def _reap(running: dict[int, int]) -> None:
    for pid in list(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            _tell({"number": running.pop(pid), "code": os.waitstatus_to_exitcode(status)})


def _tell(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _become(asked: Mapping[str, Any]) -> NoReturn:
    """Turns the forked process into the command, and ends it as the command ends."""
    from crawler.cli import main

    os.setsid()
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for name in ("out", "err"))
    for descriptor, place in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(descriptor, place)
    sys.argv = ["microfiche", *asked["arguments"]]
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  the process's own until its end
    sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115  likewise
    _fork_the_fork_server()
    main()
    raise AssertionError("main exits")


def _fork_the_fork_server() -> None:
    """Forks a child, while there is but one thread, that becomes the fork server when the command asks for one."""
    ours, its = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _become_the_fork_server(its)
    its.close()
    plain, waiting = util.spawnv_passfds, [(pid, ours)]

    def spawned(path: bytes, args: Sequence[str], passed: Sequence[int]) -> int:
        call = _CALL.fullmatch(args[-1])
        if not waiting or call is None:
            return int(plain(path, args, passed))
        pid, connection = waiting.pop()
        with connection:
            socket.send_fds(connection, [json.dumps([*passed, call[1], call[2]]).encode()], passed)
        return pid

    util.spawnv_passfds = spawned  # type: ignore[attr-defined]  # what `multiprocessing` starts all of its servers by


def _become_the_fork_server(asked: socket.socket) -> NoReturn:
    """Waits for the call that a new interpreter would have been given, and takes it; ends with the command."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, EXTRACTING.encode())
    with asked:
        said, descriptors, _, _ = socket.recv_fds(asked, 1 << 16, 2)
    if not said:
        os._exit(0)
    first, second, preload, rest = json.loads(said)
    here = dict(zip((first, second), descriptors, strict=True))
    try:
        forkserver.main(here[first], here[second], ast.literal_eval(preload), **ast.literal_eval(rest))
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve()
