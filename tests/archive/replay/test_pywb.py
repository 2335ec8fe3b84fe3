"""pywb is a program of its own that never outlives the one that started it; here a program stands in its place."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from archive.errors import ServiceError
from archive.replay.pywb import Pywb
from tests.machine import ROOT

ANSWERS = """import http.server, sys
http.server.ThreadingHTTPServer((sys.argv[4], int(sys.argv[2])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
HOLDS = """import sys
from pathlib import Path
from archive.replay.pywb import Pywb
folder = Path(sys.argv[1])
with Pywb(folder / "wayback", folder, index=folder / "index.cdxj", archive="http://127.0.0.1/", scripts=[]):
    print("up", flush=True)
    sys.stdin.read()
"""


def program(folder: Path, source: str) -> Path:
    path = folder / "wayback"
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(0o700)
    return path


def test_it_dies_with_who_started_it(tmp_path: Path) -> None:
    """Also when nobody could tell it to."""
    program(tmp_path, ANSWERS)
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "up\n"
        children = psutil.Process(holder.pid).children(recursive=True)
        assert len(children) == 1
        holder.kill()
        assert psutil.wait_procs(children, timeout=20)[1] == []


def test_its_last_words_are_told(tmp_path: Path) -> None:
    """When it ends by itself."""
    wayback = program(tmp_path, "raise SystemExit('no such collection')")
    pywb = Pywb(wayback, tmp_path, index=tmp_path / "index.cdxj", archive="http://127.0.0.1/", scripts=[])
    with pytest.raises(ServiceError, match="pywb ended by itself: no such collection"), pywb:
        pass
