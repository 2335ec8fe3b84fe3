"""An archive made by the real command, to be damaged and put right again: a newspaper, crawled twice.

So the second commit holds revisits of what the first one holds. Each damage is done to the objects in the store.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.commit import Commit, load
from archive.derive import dump
from archive.embedded import Services, services
from archive.pages import Extractors
from archive.records import iter_records
from archive.verify import Audit, Checked, Derivation, Finding, commit_keys, verify
from tests.archive.conftest import client_of, open_store
from tests.archive.shelf import change
from tests.machine import Machine
from tests.newsroom import Newsroom

NOTHING = f"sha256:{'0' * 64}"
Named = tuple[str, str]  # the key of an object, the kind of a finding


class World:
    """The archive, and what its objects were."""

    def __init__(self, running: Services, *, machine: Machine, derivation: Derivation) -> None:
        self.store = store = open_store(running, prefix="")
        self._client, self._bucket = client_of(running), running.bucket
        self.machine = machine
        self.derivation = derivation
        self.objects = {key: store.get(key) for key in store.keys("")}
        self.keys = list(commit_keys(store))
        self._tags = self._tags_now()
        self.first, self.second = (load(self.objects[key], key=key) for key in self.keys)

    def checked(self, *commits: Commit, again: bool = False) -> list[Checked]:
        """Checks these commits, or all."""
        audit = Audit(store=self.store, derivation=self.derivation if again else None)
        return list(verify(audit, [one.name.commit_key for one in commits] or list(commit_keys(self.store))))

    def findings(self, *commits: Commit, again: bool = False) -> list[Finding]:
        return [finding for checked in self.checked(*commits, again=again) for finding in checked.findings]

    def named(self, *commits: Commit, again: bool = False) -> set[Named]:
        return {(finding.key, str(finding.kind)) for finding in self.findings(*commits, again=again)}

    @contextmanager
    def damaged(self, key: str, damage: Callable[[bytes], bytes]) -> Iterator[None]:
        """An object damaged for the length of the block."""
        with self.restored():
            change(self.store, key, damage)
            yield

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Puts back at the end of the block whatever was changed in it."""
        try:
            yield
        finally:
            tags = self._tags_now()
            for key in tags.keys() - self.objects.keys():
                self.store.delete(key)
            changed = [key for key in self.objects if tags.get(key) != self._tags[key]]
            for key in changed:
                self.store.put_bytes(key, self.objects[key])
            if changed:
                self._tags = self._tags_now()

    def _tags_now(self) -> dict[str, str]:
        """The entity tags of all objects, which change with their bytes, by one listing."""
        listed = self._client.list_objects_v2(Bucket=self._bucket)
        assert not listed["IsTruncated"]
        return {one["Key"]: one["ETag"] for one in listed.get("Contents", ())}

    def lines(self, key: str) -> list[str]:
        return gzip.decompress(self.objects[key]).decode().splitlines()

    def articles(self, commit: Commit) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines(commit.name.articles_key)]

    def warc(self, commit: Commit) -> str:
        return commit.name.warc_key(0)


@contextmanager
def made_world(folder: Path) -> Iterator[World]:
    """An archive, damaged in the block and sound again at its end."""
    machine = Machine(folder)
    data = machine.folder / "microfiche-data"
    with Newsroom(articles=12, seed=9) as paper, services(data) as running, Extractors() as extractors:
        machine.site("courier", paper.url)
        machine.crawl("courier")
        paper.publish_new(2)
        for one in paper.truth[:4]:
            paper.revise(one, f"{one.text}\n\nIt went on.")
        machine.crawl("courier")
        whole = World(running, machine=machine, derivation=Derivation(extractors=extractors, scratch=machine.folder))
        yield whole
        assert whole.findings() == []  # every damage was undone


def flipped(place: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:place] + bytes([data[place] ^ 0x08]) + data[place + 1 :]


def spread(size: int, number: int, *, seed: int) -> list[int]:
    """The first byte, the last, and some between."""
    return [0, size - 1, *sorted(random.Random(seed).sample(range(1, size - 1), number))]


def rewritten(world: World, commit: Commit, number: int, change: Callable[[dict[str, Any]], Any]) -> None:
    """Puts the articles with one of them changed."""
    lines = world.articles(commit)
    change(lines[number])
    world.store.put_bytes(commit.name.articles_key, dump(lines))


def references(world: World, commit: Commit) -> dict[tuple[str, int], list[str]]:
    """Where the revisits of a commit point, each with the URLs that do."""
    pointed: dict[tuple[str, int], list[str]] = {}
    with world.store.open(world.warc(commit)) as stream:
        for record in iter_records(stream):
            if record.type == "revisit":
                place = (
                    record.field("WARC-Refers-To-Filename") or "",
                    int(record.field("WARC-Refers-To-File-Offset") or 0),
                )
                pointed.setdefault(place, []).append(record.uri)
    return pointed


def dependents(world: World) -> set[Named]:
    """What may be wrong where a WARC file is damaged: the articles and the revisits that lead into it."""
    articles = {(one.name.articles_key, kind) for one in (world.first, world.second) for kind in ARTICLE_KINDS}
    revisits = {(world.warc(one), kind) for one in (world.first, world.second) for kind in REVISIT_KINDS}
    return articles | revisits


ARTICLE_KINDS = ("article-capture", "article-revisit")
REVISIT_KINDS = ("revisit-original-gone", "revisit-original-damaged")
