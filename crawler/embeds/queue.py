"""Embeds that wait to be fetched: the most needed first, the hosts in turn, a few of each at a time."""

import heapq
from collections import Counter
from collections.abc import Mapping
from typing import Final

from crawler.embeds.needs import Kind, origin

AT_ONCE: Final = 8
AT_ONCE_A_HOST: Final = 4  # browsers take six
MEDIA_AT_ONCE: Final = 2  # each may be large, and is in memory as a whole
MOST_WAITING: Final = 20_000
_RANKS: Final[Mapping[Kind, int]] = {
    "stylesheet": 1, "script": 2, "module": 2, "font": 2, "frame": 2, "image": 3,
    "track": 4, "manifest": 4, "other": 4, "media": 5,
}  # fmt: skip


class Queue:
    """URLs by host and rank; each is taken once and given back with `done`."""

    def __init__(self) -> None:
        self._hosts: dict[str, list[tuple[int, int, str, Kind]]] = {}
        self._under_way: Counter[str] = Counter()
        self._media = 0
        self._number = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        return self._size >= MOST_WAITING

    def put(self, url: str, kind: Kind, *, first: bool = False) -> None:
        """Adds a URL; `first` goes before all others of its host."""
        self._number += 1
        self._size += 1
        rank = 0 if first and kind != "media" else _RANKS[kind]
        heapq.heappush(self._hosts.setdefault(origin(url), []), (rank, self._number, url, kind))

    def take(self) -> tuple[str, Kind] | None:
        """The next URL that may be asked for now; None while there is none. Each host moves to the end of the round."""
        if self._under_way.total() >= AT_ONCE:
            return None
        for host in list(self._hosts):
            waiting = self._hosts[host]
            kind = waiting[0][3]
            if self._under_way[host] < AT_ONCE_A_HOST and not (kind == "media" and self._media >= MEDIA_AT_ONCE):
                return self._taken(host)
        return None

    def done(self, url: str, kind: Kind) -> None:
        """Makes room after a URL that was taken."""
        host = origin(url)
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        self._media -= kind == "media"

    def clear(self) -> list[str]:
        """Takes out all that waits."""
        urls = [entry[2] for waiting in self._hosts.values() for entry in waiting]
        self._hosts.clear()
        self._size = 0
        return urls

    def _taken(self, host: str) -> tuple[str, Kind]:
        waiting = self._hosts.pop(host)
        _, _, url, kind = heapq.heappop(waiting)
        if waiting:
            self._hosts[host] = waiting
        self._under_way[host] += 1
        self._media += kind == "media"
        self._size -= 1
        return url, kind
