"""pywb, the field's replay server, over what a store holds."""

import gzip
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Frame

from archive.embedded.ports import claimed_ports
from archive.store import Store
from tests.machine import ROOT, wait_until

WAYBACK = ROOT / ".venv-replay" / "bin" / "wayback"


@contextmanager
def replaying(store: Store, folder: Path) -> Iterator[str]:
    """Copies the store's WARC files and indexes into a folder and serves it; yields the collection's address."""
    copy_files(store, folder)
    with serving(folder) as address:
        yield address


def copy_files(store: Store, folder: Path) -> None:
    """Writes the store's WARC files, and its indexes unpacked, into a new folder."""
    folder.mkdir(parents=True)
    for key in store.keys("warc/"):
        (folder / key.rpartition("/")[2]).write_bytes(store.get(key))
    for key in store.keys("cdxj/"):
        name = key.rpartition("/")[2].removesuffix(".gz")
        (folder / name).write_bytes(gzip.decompress(store.get(key)))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves a folder's WARC and CDXJ files (which need be in no order) as one pywb collection; yields its address."""
    lines = sorted(line for index in folder.glob("*.cdxj") for line in index.read_bytes().splitlines(keepends=True))
    (folder / "sorted").mkdir()
    (folder / "sorted" / "index.cdxj").write_bytes(b"".join(lines))
    (folder / "config.yaml").write_text("collections:\n  all:\n    index_paths: ./sorted\n    archive_paths: ./\n")
    with ExitStack() as stack:
        with claimed_ports(None) as port, (folder / "pywb.log").open("w") as log:
            server = subprocess.Popen(
                [WAYBACK, "-p", str(port), "-b", "127.0.0.1"], cwd=folder, stdout=log, stderr=log, env=_environment()
            )
            stack.callback(server.wait)
            stack.callback(server.terminate)
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}/", server), seconds=60)
        yield f"http://127.0.0.1:{port}/all"


def shown(context: BrowserContext, *, collection: str, url: str, timestamp: str = "") -> Frame:
    """Opens a page of the collection, rewritten by the server; returns the frame that holds it."""
    page = context.new_page()
    page.goto("/".join(part for part in (collection, timestamp, url) if part))
    frame = page.wait_for_selector("#replay_iframe").content_frame()
    assert frame is not None
    frame.wait_for_url(lambda address: address.endswith(url))
    return frame


def fetch(url: str) -> tuple[int, bytes]:
    """The status and the bytes of a page."""
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.status, response.read()


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    assert server.poll() is None, "pywb ended; see pywb.log"
    try:
        return fetch(url)[0] == 200
    except (urllib.error.URLError, ConnectionError):
        return False
