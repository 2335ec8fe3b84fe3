"""The keys of the objects in the store, built and read in this one place.

warc/site=<site>/dt=<day>/<run>-<attempt>-<serial>.warc.gz
cdxj/site=<site>/dt=<day>/<run>-<attempt>.cdxj.gz
runs/site=<site>/dt=<day>/<run>-<attempt>.json                  the commit
runs/site=<site>/dt=<day>/<run>-<attempt>.amended-<n>.json      reserved for takedowns
articles/v1/dt=<day>/site=<site>/<run>-<attempt>.jsonl.gz
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from archive.errors import ArchiveError

DERIVED_BY: Final = "extractor"  # in the metadata of an articles object, for one without lines does not say it
LEFT_OUT: Final = "left-out"  # likewise: why promised pages gave no line, {"empty":2}
_SITE = re.compile(r"[a-z0-9][a-z0-9-]*")
_RUN = re.compile(r"\d{14}[0-9a-z]{6}")
_NAME = re.compile(rf"({_RUN.pattern})-([1-9]\d*)")
_WARC = re.compile(rf"{_NAME.pattern}-\d{{5,}}\.warc\.gz")
_COMMIT = re.compile(rf"runs/site=({_SITE.pattern})/dt=(\d{{4}}-\d\d-\d\d)/{_NAME.pattern}\.json")


def new_run(tick: datetime, rand: bytes) -> str:
    """Names a run by its tick (aware) to the second of UTC and 30 of the random bits: "20261122105500k3v9qa".

    Base32 in the alphabet 0-9a-v (RFC 4648, section 7). Raises ValueError on fewer than four random bytes.
    """
    if len(rand) < 4:
        raise ValueError(f"a run's name takes 4 random bytes, not {len(rand)}")
    return f"{tick.astimezone(UTC):%Y%m%d%H%M%S}{base64.b32hexencode(rand[:4]).decode().lower()[:6]}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class AttemptName:
    """One try at a run; names all its objects.

    `dt` is the UTC date of the run's tick (YYYY-MM-DD), `attempt` counts from 1. Raises ArchiveError when made of
    something that can be no part of a key.
    """

    site: str
    dt: str
    run: str
    attempt: int

    def __post_init__(self) -> None:
        if not _SITE.fullmatch(self.site):
            raise ArchiveError(f"{self.site!r} is no site name: use a-z, 0-9 and -, and begin with a letter or digit")
        if not _is_day(self.dt):
            raise ArchiveError(f"{self.dt!r} is no date: write it as 2026-11-22")
        if not _RUN.fullmatch(self.run):
            raise ArchiveError(f"{self.run!r} is no run: one looks like 20261122105500k3v9qa")
        if self.attempt < 1:
            raise ArchiveError(f"{self.attempt} is no attempt: they count from 1")

    @classmethod
    def parse(cls, key: str) -> "AttemptName":
        """Reads the key of a commit; raises ArchiveError on any other."""
        found = _COMMIT.fullmatch(key)
        if found is None:
            raise ArchiveError(f"{key!r} is not the key of a commit")
        return cls(site=found[1], dt=found[2], run=found[3], attempt=int(found[4]))

    @classmethod
    def of_file(cls, filename: str, *, site: str) -> "AttemptName":
        """The attempt of a WARC file, by the file's name alone; raises ArchiveError on a name that is none of ours.

        A run's name begins with its tick, so it tells the date.
        """
        found = _WARC.fullmatch(filename)
        if found is None:
            raise ArchiveError(f"{filename!r} is no WARC file of ours")
        day = f"{filename[:4]}-{filename[4:6]}-{filename[6:8]}"
        return cls(site=site, dt=day, run=found[1], attempt=int(found[2]))

    @property
    def name(self) -> str:
        """What the spool folder is called, and how every object's name begins: "<run>-<attempt>"."""
        return f"{self.run}-{self.attempt}"

    @property
    def cdxj_key(self) -> str:
        """The index."""
        return f"cdxj/site={self.site}/dt={self.dt}/{self.name}.cdxj.gz"

    @property
    def commit_key(self) -> str:
        """The commit."""
        return f"runs/site={self.site}/dt={self.dt}/{self.name}.json"

    @property
    def articles_key(self) -> str:
        """The articles derived from it."""
        return f"articles/v1/dt={self.dt}/site={self.site}/{self.name}.jsonl.gz"

    def amended_key(self, number: int) -> str:
        """What a takedown changed; reserved."""
        return f"runs/site={self.site}/dt={self.dt}/{self.name}.amended-{number}.json"

    def warc_key(self, serial: int) -> str:
        """A WARC file by its number; numbers have five digits."""
        return self.warc_key_of(f"{self.name}-{serial:05d}.warc.gz")

    def warc_key_of(self, filename: str) -> str:
        """A WARC file by its name, as the index gives it; raises ArchiveError on a name that is not of this attempt."""
        found = _WARC.fullmatch(filename)
        if found is None or (found[1], int(found[2])) != (self.run, self.attempt):
            raise ArchiveError(f"{filename!r} is no WARC file of attempt {self.name}")
        return f"warc/site={self.site}/dt={self.dt}/{filename}"


def warc_key(site: str, filename: str) -> str:
    """The key of a WARC file of a site by the file's name alone, as a revisit record gives it."""
    return AttemptName.of_file(filename, site=site).warc_key_of(filename)


def is_commit(key: str) -> bool:
    """Says whether a key below runs/ is a commit, and not an amendment or something strange."""
    found = _COMMIT.fullmatch(key)
    return found is not None and _is_day(found[2])


def commits_under(site: str | None = None, *, dt: str | None = None) -> str:
    """The prefix below which commits are listed: of all sites, of one, or of one on one day."""
    if site is None:
        return "runs/"
    return f"runs/site={site}/" if dt is None else f"runs/site={site}/dt={dt}/"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
