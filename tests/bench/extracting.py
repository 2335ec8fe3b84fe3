"""Reads pages with one extractor, as a program of its own: `python -m tests.bench.extracting NAME FILE`.

FILE has a page a line, JSON, gzipped: `html` and `url`. A line comes out for each: what was read, and the CPU seconds
it took. Imports nothing but the extractor, for the others live in an environment of their own.
"""

import gzip
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from itertools import islice
from typing import Any

Found = Mapping[str, Any]
Extract = Callable[[str, str | None], Found]
_LONGEST = 60  # seconds a page
_BLOCKS = (
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "tr",
    "blockquote",
    "section",
    "figure",
)


def main() -> None:
    """Reads the pages, the first one twice: what is only loaded with it is not counted."""
    name, file, *most = sys.argv[1:]
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    signal.signal(signal.SIGALRM, _give_up)
    extract = EXTRACTORS[name]()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, int(most[0]) if most else None)):
            page = json.loads(line)
            if not number:
                _timed(extract, page)
            told.write(json.dumps(_timed(extract, page)) + "\n")
            told.flush()


def _timed(extract: Extract, page: Mapping[str, Any]) -> dict[str, Any]:
    """What a page gave: one that breaks the extractor, or takes a minute, gives nothing and is counted as failed."""
    signal.setitimer(signal.ITIMER_REAL, _LONGEST)
    began = time.process_time()
    try:
        found, failed = dict(extract(page["html"], page["url"])), False
    except Exception as error:  # noqa: BLE001  whatever a library raises
        sys.stderr.write(f"{page['url']}: {type(error).__name__}: {error}\n")
        found, failed = {}, True
    finally:
        cpu = time.process_time() - began
        signal.setitimer(signal.ITIMER_REAL, 0)
    return {**found, "cpu": cpu, "failed": failed}


def _give_up(*_: object) -> None:
    raise TimeoutError(f"took longer than {_LONGEST} seconds")


def _microfiche() -> Extract:
    from archive.articles import extract

    def read(html: str, url: str | None) -> Found:
        found = extract(html, url)
        if found is None:
            return {}
        return {"title": found.title, "authors": found.authors, "published": found.published, "text": found.text}

    return read


def _trafilatura() -> Extract:
    import trafilatura

    def read(html: str, url: str | None) -> Found:
        found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        authors = [name for name in (found.author or "").split("; ") if name]
        return {"title": found.title, "authors": authors, "published": found.date, "text": found.text}

    return read


def _readability() -> Extract:
    from readability import Document

    def read(html: str, url: str | None) -> Found:
        document = Document(html, url=url)
        return {"title": document.short_title(), "text": _text(document.summary())}

    return read


def _newspaper() -> Extract:
    from newspaper import Article

    def read(html: str, url: str | None) -> Found:
        article = Article(url or "https://unknown.example/", fetch_images=False)  # pages are read, nothing is asked for
        article.download(input_html=html)
        article.parse()
        day = article.publish_date
        published = day.isoformat() if isinstance(day, date) else day or None
        return {"title": article.title, "authors": article.authors, "published": published, "text": article.text}

    return read


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: str, url: str | None) -> Found:
        tree = HTMLTree.parse(html)
        return {"title": tree.title, "text": extract_plain_text(tree, main_content=True)}

    return read


def _magic_html() -> Extract:
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()

    def read(html: str, url: str | None) -> Found:
        found = extractor.extract(html=html, base_url=url or "")
        return {"title": found.get("title"), "text": _text(found.get("html") or "")}

    return read


def _text(html: str) -> str:
    """The text of an extractor's HTML, words of different blocks apart."""
    from lxml.html import fromstring

    if not html.strip():
        return ""
    tree = fromstring(html)
    for block in tree.iter(*_BLOCKS):
        block.text, block.tail = f"\n{block.text or ''}", f"\n{block.tail or ''}"
    return str(tree.text_content())


EXTRACTORS: Mapping[str, Callable[[], Extract]] = {
    "microfiche": _microfiche,
    "trafilatura": _trafilatura,
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "magic-html": _magic_html,
}

if __name__ == "__main__":
    main()
