"""A small WACZ of WARC files and their CDXJ lines, as ReplayWeb.page wants it: for tests."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path


def write_wacz(path: Path, *, folder: Path, pages: Iterable[str] = ()) -> Path:
    """Packs a folder's WARC and CDXJ files, with these URLs as its pages; returns the path."""
    lines = sorted(line for index in folder.glob("*.cdxj") for line in index.read_bytes().splitlines(keepends=True))
    files = {f"archive/{warc.name}": warc.read_bytes() for warc in sorted(folder.glob("*.warc.gz"))}
    files["indexes/index.cdxj"] = b"".join(lines)
    files["pages/pages.jsonl"] = _pages(pages)
    files["datapackage.json"] = _datapackage(files)
    with zipfile.ZipFile(path, "w") as package:  # stored, not deflated: ranges of it are read
        for name, content in files.items():
            package.writestr(name, content)
    return path


def _pages(urls: Iterable[str]) -> bytes:
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    listed = [{"id": f"page-{number}", "url": url} for number, url in enumerate(urls)]
    return "".join(f"{json.dumps(line)}\n" for line in [header, *listed]).encode()


def _datapackage(files: dict[str, bytes]) -> bytes:
    resources = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
        for name, content in files.items()
    ]
    return json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}).encode()
