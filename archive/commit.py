"""The commit of an attempt: the object that makes its other objects part of the archive.

Readers trust commits, not listings. A commit names every object with size and digest and tells every outcome, also
the failed, so that the ledger can be made again from commits alone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.errors import ArchiveError
from archive.keys import AttemptName
from archive.store import Stored

FORMAT = "commit/1"


class Altered(ArchiveError):  # noqa: N818  # what happened to a commit
    """A commit reads well and does not make its own digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What one attempt did.

    `ended` says why it ended: finished, the name of a cap, interrupted, lease-lost, crashed. `toml` is the site as it
    was used. `outcomes` has one mapping a URL, `documents` one a feed, sitemap or section page that was read.
    `resources` and the three of `embeds` are its inventory (`archive.inventory`), `forms` what it learned of URL forms
    whose pages need a browser; older commits have none.
    """

    name: AttemptName
    tick: datetime
    machine: str
    software: str
    started_at: datetime
    ended_at: datetime
    ended: str
    toml: str
    home: str
    counts: Mapping[str, Any]
    objects: tuple[Stored, ...]
    outcomes: tuple[Mapping[str, Any], ...]
    documents: tuple[Mapping[str, Any], ...]
    resources: tuple[Mapping[str, Any], ...] = ()
    embeds_due: tuple[Mapping[str, Any], ...] = ()
    embeds_settled: tuple[str, ...] = ()
    embeds_missed: tuple[Mapping[str, Any], ...] = ()
    forms: tuple[Mapping[str, Any], ...] = ()

    def dump(self) -> bytes:
        """The object's bytes: JSON, the long lists last, then its own digest; equal for equal commits."""
        head = {
            "format": FORMAT,
            "site": self.name.site,
            "run": self.name.run,
            "attempt": self.name.attempt,
            "tick": self.tick.isoformat(),
            "machine": self.machine,
            "software": self.software,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "ended": self.ended,
            "home": self.home,
            "toml": self.toml,
            "counts": self.counts,
            "objects": [asdict(stored) for stored in self.objects],
            "documents": list(self.documents),
            "outcomes": list(self.outcomes),
            "embeds_due": list(self.embeds_due),
            "embeds_settled": list(self.embeds_settled),
            "embeds_missed": list(self.embeds_missed),
            "forms": list(self.forms),
            "resources": list(self.resources),
        }
        body = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        return body.removesuffix(b"}") + _digest_of(body)


def _digest_of(body: bytes) -> bytes:
    """The end of a commit: a last field that holds the digest of what it would be without it."""
    return b',"digest":"sha256:' + hashlib.sha256(body).hexdigest().encode() + b'"}'


def is_altered(data: bytes) -> bool:
    """Says whether the bytes of a commit are not those that were written; nothing else has a digest of a commit.

    Older commits have no digest, and end with a list.
    """
    if data.endswith(b"]}"):
        return False
    length = len(_digest_of(b""))
    return data[-length:] != _digest_of(data[:-length] + b"}")


def load(data: bytes, *, key: str) -> Commit:
    """Reads a commit back.

    Raises:
        Altered: it is none that was ever written.
        ArchiveError: the object is not a commit this version knows.
    """
    commit = _parsed(data, key=key)
    if is_altered(data):
        raise Altered(f"{key} was altered: it does not make the digest at its end; run verify")
    return commit


def _parsed(data: bytes, *, key: str) -> Commit:
    try:
        head = json.loads(data)
        if head["format"] != FORMAT:
            raise ArchiveError(f"{key} is of format {head['format']}, this version reads {FORMAT}: use a newer one")
        return Commit(
            name=AttemptName.parse(key),
            objects=tuple(Stored(**stored) for stored in head["objects"]),
            outcomes=tuple(head["outcomes"]),
            documents=tuple(head["documents"]),
            resources=tuple(head.get("resources", ())),
            embeds_due=tuple(head.get("embeds_due", ())),
            embeds_settled=tuple(head.get("embeds_settled", ())),
            embeds_missed=tuple(head.get("embeds_missed", ())),
            forms=tuple(head.get("forms", ())),
            tick=datetime.fromisoformat(head["tick"]),
            started_at=datetime.fromisoformat(head["started_at"]),
            ended_at=datetime.fromisoformat(head["ended_at"]),
            machine=head["machine"],
            software=head["software"],
            ended=head["ended"],
            toml=head["toml"],
            home=head["home"],
            counts=head["counts"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{key} is no commit: {error}") from error
