"""One extraction of every hand-written page and of a fixed issue of the newspaper, as digests.

Of each page that is read, the digest of its published line without provenance is kept; of each that is refused, the
reason. So a golden file is small, and a difference names its page.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from archive.articles import EXTRACTOR, Article, Hints, Refusal, read
from tests.archive.articles.fixtures import FIXTURES
from tests.newsroom.paper import Paper
from tests.newsroom.themes import THEMES, ArticleView

GOLDEN: Final = Path(__file__).with_name("golden.json")
_PAGES: Final = Path(__file__).parent / "pages"
_BASE: Final = "https://valley-courier.example"
_NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)


def golden() -> dict[str, Any]:
    """Return the extractor's version and, of every page, what was read of it."""
    return {"version": EXTRACTOR["version"], "pages": dict(_told())}


def dump(told: Mapping[str, Any]) -> str:
    """Return a golden file: JSON, a page a line."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told() -> Iterator[tuple[str, str]]:
    for fixture in FIXTURES:
        yield f"fixtures/{fixture.name}", _digest(fixture.read())
    for folder in sorted(path for path in _PAGES.iterdir() if path.is_dir()):
        facts = json.loads((folder / "expected.json").read_text("utf-8"))
        hints = Hints(**facts["given"]) if facts["given"] else None
        yield f"pages/{folder.name}", _digest(read((folder / "page.html").read_bytes(), facts["url"], hints=hints))
    yield from _newspaper()


def _newspaper() -> Iterator[tuple[str, str]]:
    """Read one issue of the fictional newspaper, as its themes write it, without a server."""
    paper = Paper(base=_BASE, seed=5, articles=40, now=_NOW)
    hints = Hints(site="valley-courier", home=f"{_BASE}/")
    for story in paper.stories:
        view = ArticleView(story=story, base=_BASE, related=())
        page = THEMES[story.section.theme].article(view).encode(story.section.charset or "utf-8", "xmlcharrefreplace")
        headers = (("Content-Type", f"text/html; charset={story.section.charset or 'utf-8'}"),)
        yield (
            f"newspaper/{story.section.name}-{story.number}",
            _digest(read(page, view.url, headers=headers, hints=hints)),
        )


def _digest(found: Article | Refusal) -> str:
    """Return the digests of an article's text and of all else that is published of it; or why there is none."""
    if isinstance(found, Refusal):
        return f"{found.word}: {found.evidence}"
    article = asdict(found)
    text = json.dumps([article.pop("text"), article.pop("entries")], ensure_ascii=False)
    rest = json.dumps(article, ensure_ascii=False, sort_keys=True)
    return " ".join(hashlib.sha256(part.encode("utf-8", "replace")).hexdigest()[:12] for part in (text, rest))
