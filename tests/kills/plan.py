"""What a trial does, as a function of its seed: which newspaper, and at which moments what is killed."""

from dataclasses import dataclass
from random import Random
from typing import Final

from archive.points import NAMES

REACH: Final = {  # how often a command passes a point in a crawl of this size; once where nothing stands
    "write-announced": 80,
    "record-written": 80,
    "record-indexed": 80,
    "document-captured": 8,
    "outcome-noted": 15,
    "before-fsync": 2,
}
# Passed by a command that finds what a dead one left.
MENDING: Final = frozenset(name for name in NAMES if name.startswith("repair-"))
COMMAND: Final = "the command"
EVERYTHING: Final = "the command and the servers"
SERVERS_FIRST: Final = "the servers and then the command"
EXTRACTORS: Final = "the extracting processes"
_SLOTS: Final = 25
_REQUESTS: Final = 90  # a crawl of this size asks for a few more


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The n-th pass of a named point in the code."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """So many seconds after the newspaper has seen so many requests of this command."""

    requests: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.requests} requests and {1000 * self.seconds:.0f} ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """One kill -9: when, and of what."""

    when: Point | Moment
    what: str

    def __str__(self) -> str:
        return f"kill -9 of {self.what} at {self.when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One trial. Each blow ends a command, which is begun again; the last command is left alone.

    `main` is the moment that the seed stands for, there may be others. `extractors` kills the extracting processes of
    the last command, which must not care. `moody` leaves the paper its articles that fail once. `later` lets the
    machine come back after a minute instead of at once: leases have run out, and dead workers count as dead.
    """

    seed: int
    main: Point | Moment
    articles: int
    moody: bool
    later: bool
    own_servers: bool
    blows: tuple[Blow, ...]
    extractors: Moment | None

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """The plan of a seed; as many seeds in a row as there are names strike every point."""
        rng = Random(f"kill/{seed}")
        slots = (*NAMES, *(None for _ in range(max(2, _SLOTS - len(NAMES)))))
        name = slots[seed % len(slots)]
        main = _point(name, rng=rng) if name else _moment(rng)
        own = seed % 9 == 4
        what = rng.choice((EVERYTHING, SERVERS_FIRST)) if own and not name else EVERYTHING if own else COMMAND
        blows = [_mid_crawl(rng)] if name in MENDING else []
        blows.append(Blow(when=main, what=what))
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
            when = _point(rng.choice(NAMES), rng=rng) if rng.random() < 0.5 else _moment(rng)
            blows.append(Blow(when=when, what=COMMAND))
        return cls(
            seed=seed,
            main=main,
            articles=rng.randint(16, 24),
            moody=seed % 7 == 3,
            later=rng.random() < 0.5 or any(_keeps_the_lease(blow.when) for blow in blows),
            own_servers=own,
            blows=tuple(blows),
            extractors=Moment(requests=_REQUESTS // 2, seconds=rng.uniform(0, 1.5)) if seed % 5 == 2 else None,
        )


def _point(name: str, *, rng: Random) -> Point:
    return Point(name=name, number=rng.randint(1, REACH.get(name, 1)))


def _moment(rng: Random) -> Moment:
    """Anywhere from the start of the command to its last job."""
    requests = rng.choice((0, rng.randint(1, _REQUESTS), rng.randint(1, _REQUESTS), _REQUESTS))
    longest = {0: 2.5, _REQUESTS: 0.8}.get(requests, 0.05)
    return Moment(requests=requests, seconds=rng.uniform(0, longest))


def _mid_crawl(rng: Random) -> Blow:
    return Blow(when=Point(name="record-written", number=rng.randint(20, 60)), what=COMMAND)


def _name(when: Point | Moment) -> str | None:
    return when.name if isinstance(when, Point) else None


def _keeps_the_lease(when: Point | Moment) -> bool:
    """Whether a command dies there that has a lease and nothing in the spool: the next would wait for 20 seconds."""
    return _name(when) == "attempt-begun"
