"""A disk that can lose power: it stands in place of `os` in archive/files.py and remembers what was synced.

Nothing is promised of what was not: bytes may be absent, there in part, or zeros in a file of the right size; names may
be absent or present, each for itself. A synced file without a synced name is lost, as POSIX has it.
"""

import itertools
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Image = dict[str, bytes | None]
"""What lies on a disk: paths below its root, with the bytes of files, or None for folders."""

SECTOR = 512


class File:
    """Bytes as a reader sees them now, and those that are surely on the disk."""

    def __init__(self) -> None:
        self.live = self.durable = b""

    def after(self, kind: str) -> bytes:
        """The bytes that a loss of power leaves, by the kind of loss."""
        live, durable = self.live, self.durable
        same = _common(live, durable)
        fresh = live[same:]
        half = same + len(fresh) // 2
        first_page = (same // SECTOR + 1) * SECTOR - same
        return {
            "there": live,
            "dropped": durable,
            "part": live[:half],
            "zeros": live[:same] + bytes(len(fresh)),
            "zero tail": live[:half] + bytes(len(live) - half),
            "hole": live[:same] + bytes(min(first_page, len(fresh))) + fresh[first_page:],
        }[kind]


def _common(one: bytes, other: bytes) -> int:
    """How far two are the same."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    return next(n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)


KINDS = ("there", "dropped", "part", "zeros", "zero tail", "hole")


class Folder:
    """Names as they are now, those that are surely on the disk, and the changes in between."""

    def __init__(self) -> None:
        self.live: dict[str, File | Folder] = {}
        self.durable: dict[str, File | Folder] = {}
        self.pending: list[Callable[[dict[str, Any]], None]] = []

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        change(self.live)
        self.pending.append(change)

    def sync(self) -> None:
        self.durable = dict(self.live)
        self.pending.clear()

    def after(self, made: tuple[bool, ...]) -> dict[str, "File | Folder"]:
        """The names that a loss of power leaves when only some of the pending changes were made."""
        names = dict(self.durable)
        for change, was_made in zip(self.pending, made, strict=True):
            if was_made:
                change(names)
        return names


class Disk:
    """The system calls of archive/files.py, carried out and written down; `step` is called after each change."""

    def __init__(self, root: Path, *, step: Callable[["Disk"], None] = lambda _: None) -> None:
        self._path = root
        self.root = Folder()
        self._step = step
        self._files: dict[int, File | Folder] = {}
        _take_over(self.root, root)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = os.open(path, flags, mode)
        parent, name = self._parent(path)
        if name not in parent.live:
            file = File()
            parent.change(lambda names: names.__setitem__(name, file))
            self._step(self)
        self._files[descriptor] = parent.live[name]
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        written = os.write(descriptor, data)
        file = self._files[descriptor]
        assert isinstance(file, File)
        file.live += bytes(data[:written])
        self._step(self)
        return written

    def ftruncate(self, descriptor: int, size: int) -> None:
        os.ftruncate(descriptor, size)
        file = self._files[descriptor]
        assert isinstance(file, File)
        if size != len(file.live):
            file.live = file.live[:size]
            self._step(self)

    def fsync(self, descriptor: int) -> None:
        synced = self._files[descriptor]
        if isinstance(synced, File):
            synced.durable = synced.live
        else:
            synced.sync()
        self._step(self)

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        os.mkdir(path, mode)  # noqa: PTH102  # as the code under test does
        parent, name = self._parent(path)
        made = Folder()
        parent.change(lambda names: names.__setitem__(name, made))
        self._step(self)

    def rename(self, path: Path, to: Path) -> None:
        os.rename(path, to)  # noqa: PTH104  # as above
        parent, old = self._parent(path)
        assert to.parent == path.parent
        moved = parent.live[old]

        def change(names: dict[str, Any]) -> None:
            if names.get(old) is moved:
                del names[old]
                names[to.name] = moved

        parent.change(change)
        self._step(self)

    def unlink(self, path: Path) -> None:
        os.unlink(path)  # noqa: PTH108  # as above
        self._forget(path)

    def rmdir(self, path: Path) -> None:
        os.rmdir(path)  # noqa: PTH106  # as above
        self._forget(path)

    def _forget(self, path: Path) -> None:
        parent, name = self._parent(path)
        gone = parent.live[name]
        parent.change(lambda names: names.pop(name) if names.get(name) is gone else None)
        self._step(self)

    def _parent(self, path: Path | str) -> tuple[Any, str]:
        parts = Path(path).relative_to(self._path).parts
        if not parts:
            return Root(self.root), ""
        folder: Any = self.root
        for part in parts[:-1]:
            folder = folder.live[part]
        return folder, parts[-1]

    def images(self, rng: random.Random) -> Iterator[Image]:
        """The states in which this disk may be after a loss of power now: all of single losses, some of several."""
        files, folders = _dirty(self.root)
        every = {folder: (True,) * len(folder.pending) for folder in folders}
        for loss in _losses(files, rng=rng):
            yield dict(_image(self.root, files=loss, folders=every))
        for folder in folders:
            for made in _subsets(len(folder.pending)):
                for kind in ("there", "dropped"):
                    changes = {**every, folder: made}
                    yield dict(_image(self.root, files=dict.fromkeys(files, kind), folders=changes))

    def image(self, rng: random.Random) -> Image:
        """One such state, any."""
        files, folders = _dirty(self.root)
        losses = {file: rng.choice(KINDS) for file in files}
        changes = {folder: tuple(rng.random() < 0.5 for _ in folder.pending) for folder in folders}
        return dict(_image(self.root, files=losses, folders=changes))


def _losses(files: list[File], *, rng: random.Random) -> Iterator[dict[File, str]]:
    for kind in KINDS:
        yield dict.fromkeys(files, kind)
        for file in files if len(files) > 1 else ():
            yield {**dict.fromkeys(files, "there"), file: kind}
            yield {**dict.fromkeys(files, "dropped"), file: kind}
    for _ in range(2 if len(files) > 1 else 0):
        yield {file: rng.choice(KINDS) for file in files}


class Root:
    """The folder above the disk's root, so that the root itself can be opened and synced."""

    def __init__(self, root: Folder) -> None:
        self.live = {"": root}


def _subsets(changes: int) -> Iterator[tuple[bool, ...]]:
    """Which of the pending changes were made: any of a few, else all up to one, or all but one."""
    if changes <= 4:
        yield from itertools.product((True, False), repeat=changes)
        return
    for number in range(changes):
        yield tuple(other <= number for other in range(changes))
        yield tuple(other != number for other in range(changes))


def _take_over(folder: Folder, path: Path) -> None:
    """What lies there already is on the disk."""
    for entry in path.iterdir():
        node: File | Folder
        if entry.is_dir():
            node = Folder()
            _take_over(node, entry)
        else:
            node = File()
            node.live = node.durable = entry.read_bytes()
        folder.live[entry.name] = folder.durable[entry.name] = node


def _dirty(folder: Folder) -> tuple[list[File], list[Folder]]:
    """The files and folders of which something is not on the disk."""
    files: dict[File, None] = {}
    folders: dict[Folder, None] = {}
    waiting: list[File | Folder] = [folder]
    while waiting:
        node = waiting.pop()
        if isinstance(node, File):
            if node.live != node.durable:
                files[node] = None
            continue
        if node.pending:
            folders[node] = None
        waiting += [*node.live.values(), *node.durable.values()]
    return list(files), list(folders)


def _image(
    folder: Folder, *, files: dict[File, str], folders: dict[Folder, tuple[bool, ...]], above: str = ""
) -> Iterator[tuple[str, bytes | None]]:
    for name, node in folder.after(folders.get(folder, (True,) * len(folder.pending))).items():
        path = f"{above}{name}"
        if isinstance(node, File):
            yield path, node.after(files.get(node, "there"))
        else:
            yield path, None
            yield from _image(node, files=files, folders=folders, above=f"{path}/")


def lay_out(image: Image, root: Path) -> None:
    """Makes files and folders as an image has them."""
    root.mkdir()
    for path, data in image.items():
        if data is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(data)
