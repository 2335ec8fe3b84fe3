"""What a spool folder holds, for the ledger: the answers at each URL, whole payloads, embeds left to fetch.

A function of the folder's bytes alone (WARC records and notes), so that a folder repaired after a crash tells the
truth too. The commit carries it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from archive import cdxj, http1
from archive.freshness import fresh_until
from archive.ledger.resources import key_of
from archive.members import warc_date
from archive.original import EMPTY, can_hold, coding_of
from archive.records import Record, iter_records

_VALIDATOR = re.compile(r"[\x20-\x7e\x80-\xff]{1,500}")
_ANSWERS = frozenset({"response", "revisit"})
_LONGEST_LOCATION: Final = 2000  # characters
_FOR_NOW: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a commit tells of its records.

    `resources` has one mapping an answer worth knowing: `record_id`, `filename`, `offset` and `size` where it holds
    its payload whole. `embeds_due` names embeds that were wanted and not had, each with its `page` and `kind`;
    `embeds_settled` are URLs of others that need no further try. `embeds_missed` tells of each of these that gave
    nothing to show what came instead, and until when nobody need ask again: an error, a redirect and its `location`, or
    no answer (`status` 0) and the `reason`.
    """

    resources: tuple[Mapping[str, Any], ...]
    embeds_due: tuple[Mapping[str, Any], ...]
    embeds_settled: tuple[str, ...]
    embeds_missed: tuple[Mapping[str, Any], ...]


def is_for_now(status: int) -> bool:
    """Whether an error says nothing of what it was asked for, only that the server has no time or trouble."""
    return status in _FOR_NOW or status >= 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A response or revisit record, the method that was asked with, and the head: its own or, of a 304, kept apart."""

    record: Record
    filename: str
    method: str = ""
    head: http1.Head | None = None


def take(folder: Path, *, notes: Iterable[Mapping[str, Any]]) -> Inventory:
    """Reads the sealed WARC files of a folder."""
    resources: list[Mapping[str, Any]] = []
    last: dict[bytes, dict[str, Any] | None] = {}  # answer at a URL, where it was nothing to show
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for answer in _answers(iter_records(file), filename=path.name):
                last[key_of(answer.record.uri)] = _miss(answer)
                told = _told(answer)
                if told is not None:
                    resources.append(told)
    return _with_embeds(notes, last=last, resources=resources)


def _answers(records: Iterable[Record], *, filename: str) -> Iterator[_Answer]:
    """Yields each answer once its companions are read: the request behind it, and the head of a 304."""
    waiting: _Answer | None = None
    for record in records:
        if record.type in _ANSWERS:
            if waiting is not None:
                yield waiting
            waiting = _Answer(record=record, filename=filename, head=record.http)
        elif waiting is not None and record.field("WARC-Concurrent-To") == waiting.record.id:
            waiting = _with_companion(waiting, record)
    if waiting is not None:
        yield waiting


def _with_companion(answer: _Answer, record: Record) -> _Answer:
    if record.type == "request":
        return replace(answer, method=cdxj.request_key(record)[0])
    if answer.head is None and (record.field("Content-Type") or "").startswith("application/http"):
        return replace(answer, head=http1.parse_head(record.block))
    return answer


def _told(answer: _Answer) -> dict[str, Any] | None:
    """What is worth knowing of an answer; None where it is nothing."""
    record, head = answer.record, answer.head
    if head is None or record.digest is None or answer.method != "GET":
        return None
    told = {
        "url": record.uri,
        "status": head.status,
        "digest": record.digest,
        "captured_at": warc_date(record.date),
        "fresh_until": warc_date(fresh_until(head, date=record.date)),
        **validators(head),
    }
    if head.status == 304:
        return told if record.type == "revisit" else None
    coding = coding_of(head)
    if coding is None or not can_hold(head, method=answer.method, truncated=record.field("WARC-Truncated")):
        return None
    told |= {"mime": mime_of(head), "coding": coding}
    if record.type == "response" and record.digest != EMPTY:
        place = {"record_id": record.id, "filename": answer.filename, "offset": record.offset}
        return told | place | {"size": len(record.payload)}
    return told if head.status == 200 else None


def _miss(answer: _Answer) -> dict[str, Any] | None:
    """What is worth knowing of an answer that is nothing to show; None of any other."""
    record, head = answer.record, answer.head
    if head is None or head.status in (None, 200, 304):
        return None
    location = head.first("location") if 300 <= head.status < 400 else None
    told = {
        "url": record.uri,
        "status": head.status,
        "mime": mime_of(head),
        "digest": record.digest or "",
        "captured_at": warc_date(record.date),
        "fresh_until": warc_date(fresh_until(head, date=record.date)),
    }
    is_told = location and len(location) <= _LONGEST_LOCATION and location.isprintable()
    return told | {"location": location} if is_told else told


def validators(head: http1.Head) -> dict[str, str]:
    """The validators of an answer, as the server wrote them; those that no request could carry are left out."""
    found = {"etag": head.first("etag"), "last_modified": head.first("last-modified")}
    return {name: value for name, value in found.items() if value and _VALIDATOR.fullmatch(value)}


def mime_of(head: http1.Head) -> str:
    """The media type of an answer, in lower case; empty when it names none that is one."""
    mime = cdxj.mime(head.first("content-type")).lower()
    return mime if _VALIDATOR.fullmatch(mime) else ""


def _with_embeds(
    notes: Iterable[Mapping[str, Any]],
    *,
    last: Mapping[bytes, Mapping[str, Any] | None],
    resources: Iterable[Mapping[str, Any]],
) -> Inventory:
    """Parts the embeds that were wanted into those still due and those that are settled."""
    wanted: dict[bytes, Mapping[str, Any]] = {}
    failed: dict[bytes, Mapping[str, Any]] = {}
    for note in notes:
        if note["note"] == "embed":
            wanted.setdefault(key_of(note["url"]), _without_moment(note))
        elif note["note"] == "embed-failed":
            failed[key_of(note["url"])] = note
    due = {key for key in wanted if key not in failed and (key not in last or _is_for_now(last[key]))}
    missed = (last.get(key) or _unanswered(failed.get(key)) for key in wanted if key not in due)
    return Inventory(
        resources=tuple(resources),
        embeds_due=tuple(one for key, one in wanted.items() if key in due),
        embeds_settled=tuple(one["url"] for key, one in wanted.items() if key not in due),
        embeds_missed=tuple(one for one in missed if one is not None),
    )


def _without_moment(note: Mapping[str, Any]) -> dict[str, Any]:
    return {name: note[name] for name in ("url", "page", "kind") if name in note}


def _is_for_now(miss: Mapping[str, Any] | None) -> bool:
    return miss is not None and is_for_now(miss["status"])


def _unanswered(failure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What is worth knowing of an embed without an answer, where its note says until when."""
    if failure is None or "until" not in failure:
        return None
    told = {"url": failure["url"], "status": 0, "reason": failure["reason"]}
    return told | {"captured_at": failure["at"], "fresh_until": failure["until"]}
