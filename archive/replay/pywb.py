"""pywb, the field's replay server: a program of its own under the GPL, started and stopped, never imported."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from archive.embedded.ports import claimed_ports
from archive.errors import ServiceError

COLLECTION: Final = "web"
_LOCK: Final = "scripts/replay.lock"
_VENV: Final = ".venv-replay"
_PATIENCE: Final = 90.0  # seconds; it loads for two on a quiet machine
_END: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1


def program() -> Path:
    """Finds pywb's `wayback`; in a checkout it is set up first, once, which may take a minute.

    Raises:
        ServiceError: it is not installed, or could not be.
    """
    root = Path(__file__).resolve().parents[2]
    setup = root / "scripts" / "setup"
    if setup.is_file() and (root / _LOCK).is_file():
        if subprocess.run([setup, _LOCK, _VENV], check=False).returncode:
            raise ServiceError("replay takes pywb, which could not be set up; see above, then call this again")
        return root / _VENV / "bin" / "wayback"
    found = shutil.which("wayback")
    if found is None:
        raise ServiceError("replay takes pywb, a program of its own that is not installed; do: pipx install pywb")
    return Path(found)


class Pywb:
    """pywb over an index file and a server of WARC ranges; a context manager.

    It ends with this process, however that ends (Linux). `scripts` are put into each page, before any script of its
    own; paths below /static/.
    """

    def __init__(self, wayback: Path, folder: Path, *, index: Path, archive: str, scripts: list[str]) -> None:
        self._wayback = wayback
        self._folder = folder
        self._log = folder / "pywb.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        collection = {"index_paths": str(index.resolve()), "archive_paths": archive}
        config: dict[str, Any] = {"collections": {COLLECTION: collection}, "framed_replay": True}
        config |= {"client_side_replay": True, "inject_scripts": scripts}
        (folder / "config.yaml").write_text(json.dumps(config))  # JSON is YAML

    def __enter__(self) -> Self:
        with claimed_ports(None) as self.port:
            command = [str(self._wayback), "-p", str(self.port), "-b", "127.0.0.1"]
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    command,
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                )
            try:
                self._wait()
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def check(self) -> None:
        """Raises ServiceError when it has ended."""
        if self._process is None or self._process.poll() is not None:
            raise ServiceError(f"pywb ended by itself: {self._last_words()}")

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            self.check()
            if time.monotonic() > deadline:
                raise ServiceError(f"pywb does not answer after {_PATIENCE:.0f} s: {self._last_words()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
