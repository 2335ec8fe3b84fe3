"""A sealed attempt goes to S3: upload, verify, then the commit.

Idempotent: run again after a crash at any byte, it finds what is there and does the rest. Where a commit stands, what
it names is never overwritten by anything else: the local copy may have been damaged since.
"""

import contextlib
import gzip
import io
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from archive import cdxj, inventory
from archive.commit import FORMAT, Commit, is_altered, load
from archive.errors import ArchiveError
from archive.keys import AttemptName
from archive.points import reached
from archive.spool import Folder
from archive.store import Store, Stored, measured

_BEGINNING: Final = f'{{"format":"{FORMAT}",'.encode()
logger = logging.getLogger(__name__)


def ship(folder: Folder, *, store: Store, software: str) -> Commit:
    """Uploads the attempt in a spool folder that the caller has locked, and commits it.

    A folder that a crash left is repaired first. Returns the commit that stands. The folder stays: the caller
    removes it when the ledger knows of the commit. A commit that is there and does not make its own digest was altered
    by the store, since only this folder's attempt is ever committed under its name: it is put again.

    Raises:
        StoreError: the store failed; run again later.
        ArchiveError: another commit with other objects stands under this attempt's name.
    """
    _repair(folder)
    name = attempt_name(folder.facts)
    _refuse_another(folder, name=name, store=store)
    stored = _upload(folder, name=name, store=store)
    commit = _describe(folder, name=name, software=software, objects=stored)
    reached("before-commit")
    if store.put_new(name.commit_key, commit.dump()):
        reached("commit-put")
        return commit
    return _standing(commit, folder=folder, store=store)


def _repair(folder: Folder) -> None:
    """Makes a folder whole, and notes what that cost, for the commit to tell; on a full disk it goes untold."""
    done = folder.repair()
    told = {"cut_bytes": done.cut_bytes, "moved": done.moved, "dropped_notes": done.dropped_notes}
    if any(told.values()):
        with contextlib.suppress(OSError):
            folder.note({"note": "repaired", **told})


def _refuse_another(folder: Folder, *, name: AttemptName, store: Store) -> None:
    """Raises `ArchiveError` where a commit stands that names other objects than the folder holds."""
    if store.head(name.commit_key) is None:
        return
    data = store.get(name.commit_key)
    if not _is_ours_altered(data) and load(data, key=name.commit_key).objects != _held(folder, name=name):
        raise _alarm(folder, key=name.commit_key)


def _is_ours_altered(data: bytes) -> bool:
    """Whether these bytes were a commit; what never was one is nothing of ours, and an alarm."""
    return data.startswith(_BEGINNING) and is_altered(data)


def _standing(commit: Commit, *, folder: Folder, store: Store) -> Commit:
    """What stands in a commit's place: the same, put by an earlier try. One that the store altered is put again."""
    key = commit.name.commit_key
    data = store.get(key)
    if _is_ours_altered(data):
        logger.warning("%s is not what any commit was when it was put; putting it again", key)
        store.put_bytes(key, commit.dump())
        return commit
    standing = load(data, key=key)
    if standing.objects != commit.objects:
        raise _alarm(folder, key=key)
    return standing


def _alarm(folder: Folder, *, key: str) -> ArchiveError:
    return ArchiveError(
        f"{key} stands already and names other objects than the spool folder {folder.path} holds;"
        " the folder is kept, compare the two"
    )


def attempt_name(facts: Mapping[str, Any]) -> AttemptName:
    """The attempt a spool folder belongs to, from its attempt.json."""
    return AttemptName(site=facts["site"], dt=_day(facts["tick"]), run=facts["run"], attempt=facts["attempt"])


def _day(tick: str) -> str:
    return datetime.fromisoformat(tick).astimezone(UTC).date().isoformat()


def _upload(folder: Folder, *, name: AttemptName, store: Store) -> tuple[Stored, ...]:
    stored = []
    for path in _files(folder):
        stored.append(store.put_file(name.warc_key_of(path.name), path))
        reached("object-uploaded")
    return (*stored, store.put_bytes(name.cdxj_key, _index(folder)))


def _held(folder: Folder, *, name: AttemptName) -> tuple[Stored, ...]:
    """What `_upload` would give."""
    stored = []
    for path in _files(folder):
        with path.open("rb") as file:
            stored.append(measured(file, key=name.warc_key_of(path.name)))
    return (*stored, measured(io.BytesIO(_index(folder)), key=name.cdxj_key))


def _files(folder: Folder) -> list[Path]:
    return sorted(folder.path.glob("*.warc.gz"))


def _index(folder: Folder) -> bytes:
    """The index as the store holds it."""
    index = io.BytesIO()  # small, and a full disk must not keep an attempt from leaving it
    with gzip.GzipFile(fileobj=index, mode="wb", filename="", mtime=0) as packed:
        for path in sorted(folder.path.glob("*.cdxj")):
            packed.writelines(f"{line}\n".encode() for line in cdxj.sorted_lines(path))
    return index.getvalue()


def _describe(folder: Folder, *, name: AttemptName, software: str, objects: tuple[Stored, ...]) -> Commit:
    """The commit of a folder: a function of its bytes alone, so that a second try writes the same."""
    facts = folder.facts
    notes = list(folder.notes())
    outcomes = _last_of_each([note for note in notes if note["note"] == "url"])
    documents = _last_of_each([note for note in notes if note["note"] == "document"])
    end = next((note for note in notes if note["note"] == "end"), None)
    held = inventory.take(folder.path, notes=notes)
    last = end or next((note for note in reversed(notes) if "at" in note), {"at": facts["started_at"]})
    return Commit(
        name=name,
        tick=datetime.fromisoformat(facts["tick"]),
        machine=facts["machine"],
        software=software,
        started_at=datetime.fromisoformat(facts["started_at"]),
        ended_at=datetime.fromisoformat(last["at"]),
        ended=end["ended"] if end else "crashed",
        toml=facts["toml"],
        home=facts["home"],
        counts={**count(outcomes), **(end["counts"] if end else {}), **_mended(notes)},
        objects=objects,
        outcomes=tuple(outcomes),
        documents=tuple(documents) if end else (),
        resources=held.resources,
        embeds_due=held.embeds_due,
        embeds_settled=held.embeds_settled,
        embeds_missed=held.embeds_missed,
        forms=tuple(_without_kind(note) for note in notes if note["note"] == "form"),
    )


def _without_kind(note: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in note.items() if name != "note"}


def _mended(notes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """What repairs cost, if any: {"repaired": {"cut_bytes": 812, "moved": 0, "dropped_notes": 1}}."""
    costs: Counter[str] = Counter()
    for note in notes:
        if note["note"] == "repaired":
            costs.update(_without_kind(note))
    return {"repaired": dict(costs)} if costs else {}


def _last_of_each(notes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last note on each URL, without the fields that only the spool needs."""
    latest = {note["url"]: note for note in notes}
    return [{key: value for key, value in note.items() if key not in ("note",)} for note in latest.values()]


def count(outcomes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Outcomes by reason: {"captured": {"": 12}, "failed": {"http-404": 1}, …}."""
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        if outcome["outcome"] == "captured" and outcome.get("left"):
            continue  # by an earlier attempt, and due again: not this one's
        counts.setdefault(outcome["outcome"], Counter())[outcome["reason"] or ""] += 1
    return {outcome: dict(sorted(reasons.items())) for outcome, reasons in sorted(counts.items())}
