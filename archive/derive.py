"""Committed WARCs become articles: a function of one attempt's WARCs and the extractor version alone.

    commit ── CDXJ ──► which records are pages ── processes ──► drafts ── one id a page ──► articles object

Pages are read and extracted in processes of their own (`archive.pages`), from a local copy of what the store holds. Of
a revisit the bytes lie elsewhere, often in an earlier attempt's files: `archive.behind` fetches them. Of a page that a
browser rendered, the DOM is read in place of its answer: `archive.rendered` tells which.
"""

import gzip
import json
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from archive import articles
from archive.articles.judging.kinds import Shape, shape
from archive.behind import Resolver
from archive.cdxj import Capture
from archive.commit import Commit
from archive.errors import ArchiveError, StoreError
from archive.excerpt import Excerpt
from archive.facts import EMBED, FACTS, Facts, read
from archive.keys import DERIVED_BY, LEFT_OUT, AttemptName, warc_key
from archive.members import warc_uri
from archive.originals import REVISIT, Originals
from archive.pages import PAGES, Draft, Extractors, read_at
from archive.points import reached
from archive.records import Record, read_record
from archive.rendered import DOM, Renderings, place_of, renderings
from archive.store import Store
from archive.urls import article_id, canonical, registrable
from archive.versions import outranks
from archive.whole import whole

EXTRACTOR = f"{articles.EXTRACTOR['name']}/{articles.EXTRACTOR['version']}"
_TRIES = 10
_FAILURES = frozenset({"failed", "extractor-died"})
_NO_ARTICLE = frozenset({Shape.HOME, Shape.SECTION, Shape.TAG, Shape.AUTHOR, Shape.SEARCH, Shape.PAGINATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What the derivation of one attempt gave: its lines in capture order, and why promised pages gave none.

    `kinds` maps each page's URL to the kind of article it is, or to the reason why it is none. `lost` has the digests
    of payloads that revisits refer to and the store no longer holds. `extractor` is who derived the lines.
    """

    lines: tuple[Mapping[str, Any], ...]
    kinds: Mapping[str, str]
    left_out: Mapping[str, int]
    lost: tuple[str, ...] = ()
    extractor: str = EXTRACTOR


def derive(commit: Commit, *, store: Store, extractors: Extractors, scratch: Path) -> Derived:
    """Reads the attempt's pages from the store, writes its articles object, and returns what is in it.

    The object is always written, even empty, unless a newer extractor's stands there. Idempotent and deterministic.

    Raises:
        StoreError: the store failed; run again later.
        ArchiveError: a committed object is not what its commit says.
    """
    derived = lines_of(commit, store=store, extractors=extractors, scratch=scratch)
    return put(derived, name=commit.name, store=store)


def put(derived: Derived, *, name: AttemptName, store: Store) -> Derived:
    """Writes the articles object of an attempt and returns what is in it; a newer extractor's stays as it is.

    Each put replaces just what was looked at, so that no newer extractor's can come between the look and the put.

    Raises:
        StoreError: the store failed, or others replace the object all the time; run again later.
    """
    data = dump(derived.lines)
    beside = {DERIVED_BY: derived.extractor, LEFT_OUT: json.dumps(derived.left_out, separators=(",", ":"))}
    for _ in range(_TRIES):
        there = store.standing(name.articles_key)
        theirs = told_by(there.metadata if there else None)
        if theirs is not None and outranks(theirs, derived.extractor):
            return _standing(store, name, extractor=theirs)
        if store.put_over(name.articles_key, data, over=there, content_type="application/gzip", metadata=beside):
            reached("articles-put")
            return derived
    raise StoreError(f"{name.articles_key} is replaced by others again and again; run again later")


def derived_by(store: Store, name: AttemptName) -> str | None:
    """Who derived the articles object of an attempt; "unknown" where it does not say so, None where there is none."""
    return told_by(store.metadata(name.articles_key))


def told_by(metadata: Mapping[str, str] | None) -> str | None:
    """The same, read from what stands beside the object."""
    return None if metadata is None else metadata.get(DERIVED_BY, "unknown")


def has_failed(metadata: Mapping[str, str] | None) -> bool:
    """Whether the extractor failed at pages of an articles object, by a fault of its own or of the machine's."""
    return not _FAILURES.isdisjoint(left_out(metadata))


def _standing(store: Store, name: AttemptName, *, extractor: str) -> Derived:
    lines = tuple(load(store.get(name.articles_key)))
    kinds = {line["url"]: line["kind"] for line in lines}
    return Derived(lines=lines, kinds=kinds, left_out=left_out(store.metadata(name.articles_key)), extractor=extractor)


def left_out(metadata: Mapping[str, str] | None) -> dict[str, int]:
    """Why pages gave no article, as it stands beside an articles object; older ones do not say."""
    return dict(json.loads((metadata or {}).get(LEFT_OUT, "{}")))


def lines_of(commit: Commit, *, store: Store, extractors: Extractors, scratch: Path) -> Derived:
    """Reads the attempt's pages from the store and returns what `derive` would write; raises what it raises."""
    captures = _captures(store, commit.name)
    found = renderings(captures, read=lambda capture: _read_one(store, commit.name, capture))
    pages = _pages(captures, rendered=found, embeds=_embeds(captures, commit=commit))
    originals = Originals(store, site=commit.name.site)
    drafts: list[Draft] = []
    lost: list[str] = []
    facts = Facts.empty()
    for filename, own in groupby(pages, key=lambda capture: capture.filename):
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            chosen = list(own)
            key = commit.name.warc_key_of(filename)
            copy = Excerpt.take(store, key=key, captures=chosen, path=Path(folder) / filename)
            facts = read((read_at(copy.path, capture) for capture in chosen if _is_fact(capture)), before=facts)
            with Resolver(originals, copy=copy) as resolver:
                places = resolver.places(capture for capture in chosen if not _is_fact(capture))
                places = (replace(place, rendering=found.doms.get(place_of(place.capture))) for place in places)
                drafts += extractors.extract(places, facts=facts)
                drafts += [_without_original(capture, facts=facts) for capture in resolver.gone]
                lost += [capture.digest for capture in resolver.gone]
    return replace(_settle(drafts, commit=commit), lost=tuple(lost))


def _without_original(capture: Capture, *, facts: Facts) -> Draft:
    """What a revisit gives whose original is gone."""
    return Draft(
        url=capture.url,
        filename=capture.filename,
        capture={},
        article=None,
        outcome="original-gone",
        promised=canonical(capture.url) in facts.promises,
    )


def _captures(store: Store, name: AttemptName) -> list[Capture]:
    try:
        index = gzip.decompress(store.get(name.cdxj_key)).decode()
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        raise ArchiveError(f"{name.cdxj_key} is damaged ({error}); run verify") from error
    return [Capture.parse(line) for line in index.split("\n")[:-1]]


def _read_one(store: Store, name: AttemptName, capture: Capture) -> Record:
    return read_record(store.get_range(name.warc_key_of(capture.filename), capture.offset, capture.length))


def _pages(captures: Iterable[Capture], *, rendered: Renderings, embeds: Collection[str]) -> list[Capture]:
    """HTML answers with status 200, whatever may be one of them again, DOMs, and the facts of the run, as written."""
    pages = (one for one in captures if _is_page(one) and f"{one.filename}:{one.offset}" not in embeds)
    return sorted((one for one in pages if not rendered.is_superseded(one)), key=place_of)


def _embeds(captures: Iterable[Capture], *, commit: Commit) -> set[str]:
    """Answers that were asked for as embeds, each as "<file>:<offset>".

    A crash may come between an answer and the mark that says so; then it is an embed where embeds were wanted of its
    URL, and no page or document.
    """
    seen = {seen for told in (*commit.outcomes, *commit.documents) for seen in (told["url"], told.get("final_url"))}
    wanted = {_target(url) for url in commit.embeds_settled} - {_target(url) for url in seen if url}
    marked = {capture.url.removeprefix(EMBED) for capture in captures if capture.url.startswith(EMBED)}
    return marked | {f"{capture.filename}:{capture.offset}" for capture in captures if capture.url in wanted}


def _target(url: str) -> str:
    """A URL as records have it."""
    return warc_uri(url.partition("#")[0])


def _is_fact(capture: Capture) -> bool:
    return capture.url in FACTS


def _is_page(capture: Capture) -> bool:
    if capture.mime == REVISIT:
        return capture.status in (200, None) and capture.method == "GET"
    if _is_fact(capture) or capture.url.startswith(DOM):
        return True
    return capture.status == 200 and capture.mime in PAGES and capture.method == "GET"


def _settle(drafts: Sequence[Draft], *, commit: Commit) -> Derived:
    """Gives every draft its id, and with it its place in the object."""
    articles_of = whole(drafts)
    heads = [one.draft for one in articles_of]
    shared = _claimed_by_different_texts(heads)
    site = commit.name.site
    lines = []
    for one in articles_of:
        draft = one.draft
        if draft.article is None:
            continue
        claim = draft.article.canonical
        key = claim if claim and claim not in shared and _is_page_of(claim, home=commit.home) else draft.url
        line = articles.publish(
            draft.article,
            site=site,
            key=canonical(key),
            url=draft.url,
            capture=_capture(draft, site=site),
            parts=[_capture(part, site=site) for part in one.parts],
            layouts=draft.layouts,
        )
        assert line["id"] == article_id(site, canonical(key))
        lines.append(line)
    return Derived(
        lines=tuple(lines),
        kinds={draft.url: draft.outcome for draft in heads},
        left_out=dict(sorted(Counter(_refused(heads)).items())),
    )


def _capture(draft: Draft, *, site: str) -> dict[str, Any]:
    return {"warc": warc_key(site, draft.filename), **draft.capture, "revisit": _told(draft.revisit, site=site)}


def _refused(drafts: Iterable[Draft]) -> Iterator[str]:
    return (draft.outcome for draft in drafts if draft.article is None and draft.promised)


def _told(revisit: Mapping[str, Any] | None, *, site: str) -> dict[str, Any] | None:
    if revisit is None:
        return None
    rest = {name: value for name, value in revisit.items() if name != "filename"}
    return {"warc": warc_key(site, revisit["filename"]), **rest}


def _claimed_by_different_texts(drafts: Iterable[Draft]) -> set[str]:
    """Canonical URLs that pages with different titles and texts name as theirs: a template's mistake."""
    claims: dict[str, dict[str, str | None]] = defaultdict(dict)
    for draft in drafts:
        if draft.article and draft.article.canonical:
            claims[draft.article.canonical][draft.article.content_digest] = draft.article.title
    return {claim for claim, titles in claims.items() if len(titles) > 1 and len(set(titles.values())) > 1}


def _is_page_of(url: str, *, home: str) -> bool:
    """Whether a claim can name an article: on the site, and neither its home nor a section page."""
    return registrable(url) == registrable(home) and shape(url) not in _NO_ARTICLE


def dump(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """An articles object: JSON Lines, gzipped without a date, so that equal lines are equal bytes."""
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    return gzip.compress(text.encode(), 6, mtime=0)


def load(data: bytes) -> Iterator[dict[str, Any]]:
    """The lines of an articles object."""
    for line in gzip.decompress(data).decode().split("\n"):
        if line:
            yield json.loads(line)
