"""Files that may vanish: gone with their process, at the latest when the next one comes."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

from archive.scratch import own_folder

HOLDER = """
import pathlib, signal, sys
from archive.scratch import own_folder
with own_folder(pathlib.Path(sys.argv[1])) as folder:
    (folder / "copy.warc.gz").write_bytes(b"x")
    print(folder, flush=True)
    signal.pause()
"""


def test_a_folder_goes_with_its_block(tmp_path: Path) -> None:
    with own_folder(tmp_path) as folder:
        (folder / "copy").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_the_living_keep_theirs_and_the_dead_do_not(tmp_path: Path) -> None:
    (tmp_path / "stray.warc.gz").write_bytes(b"x")
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        theirs = Path(holder.stdout.readline().strip())
        with own_folder(tmp_path) as ours:
            assert sorted(tmp_path.iterdir()) == sorted([theirs, ours])
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with own_folder(tmp_path) as ours:
            assert list(tmp_path.iterdir()) == [ours]


def test_who_comes_while_others_go_is_not_hurt(tmp_path: Path) -> None:
    """A folder may vanish between a look at it and the try to lock it."""

    def come_and_go(root: Path) -> None:
        with own_folder(root):
            pass

    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(come_and_go, repeat(tmp_path, 400))] == [None] * 400
    assert list(tmp_path.iterdir()) == []
