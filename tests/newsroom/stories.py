"""Writes articles: number in, story out, always the same one for the same seed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain, count
from random import Random
from urllib.parse import quote

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.sections import SECTIONS, Section
from tests.newsroom.truth import Truth
from tests.newsroom.words import Language, fresh, person

FIRST_DAY = datetime(2019, 1, 7, tzinfo=UTC)
BARE_DATES = frozenset({"bare"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the body: `kind` is p, h2, ul or blockquote; a list has one text an item, the others have one."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A reader's word under an article."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article before it is put on a page. `path` is decoded and may hold a query; `moment` is when it came out."""

    number: int
    section: Section
    path: str
    title: str
    description: str
    authors: tuple[str, ...]
    moment: datetime
    revised: datetime | None
    tags: tuple[str, ...]
    blocks: tuple[Block, ...]
    caption: str
    comments: tuple[Comment, ...]

    @property
    def language(self) -> Language:
        """The language it is written in."""
        return LANGUAGES[self.section.language]

    @property
    def id(self) -> int:
        """The number that stands in its URLs."""
        return 10_007 + 13 * self.number

    @property
    def href(self) -> str:
        """Its canonical path and query, percent-encoded."""
        return quote(self.path, safe="/?=&.-_~")

    @property
    def published(self) -> str:
        """The time of publication as its page says it."""
        return self._said(self.moment)

    @property
    def modified(self) -> str:
        """The time of the last revision as its page says it."""
        return self._said(self.changed)

    @property
    def changed(self) -> datetime:
        """When it was last touched."""
        return self.revised or self.moment

    @property
    def text(self) -> str:
        """The body, paragraphs parted by a blank line."""
        return "\n\n".join(text for block in self.blocks for text in block.texts)

    @property
    def brief(self) -> bool:
        """Whether its body is a single paragraph."""
        return len(self.blocks) == 1

    def _said(self, moment: datetime) -> str:
        local = moment.astimezone(timezone(timedelta(minutes=self.language.offset)))
        return local.date().isoformat() if self.section.theme in BARE_DATES else local.isoformat()


def truth_of(story: Story, *, base: str) -> Truth:
    """Returns what a perfect reader would find on the story's page."""
    labels = story.language.labels
    chrome = [labels[name] for name in ("related", "leave", "login", "top", "newsletter", "share", "consent")]
    return Truth(
        url=base + story.href,
        title=story.title,
        authors=story.authors,
        published=story.published,
        modified=story.modified,
        section=story.section.name,
        tags=story.tags,
        language=story.section.language,
        description=story.description,
        text=story.text,
        kind=story.section.kind,
        theme=story.section.theme,
        chrome=(*chrome, story.caption, *(comment.text for comment in story.comments)),
        needs_browser=story.section.needs_browser,
    )


def slug(title: str, *, ascii_only: bool) -> str:
    """Returns a title as a part of a path: words of the title's script, or of plain Latin letters, with hyphens."""
    text = unicodedata.normalize("NFKD" if ascii_only else "NFC", title.lower())
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    if ascii_only:
        kept = re.sub(r"[^a-z0-9 ]", "", kept.replace("ß", "ss"))
    return "-".join(kept.split()[:9])[:80].strip("-")


def moments(number: int, *, now: datetime) -> Iterator[datetime]:
    """Yields the times of publication, the oldest first, denser toward now."""
    span = (now - FIRST_DAY) - timedelta(minutes=20)
    for i in range(number):
        age = span * ((number - 1 - i) / number) ** 3
        yield (now - timedelta(minutes=20) - age).replace(microsecond=0)


def pick_section(rng: Random, *, year: int) -> Section:
    """Returns a section that was written for in that year."""
    open_ones = [section for section in SECTIONS if year <= section.until]
    weights = [section.weight * (6 if section.until < 9999 else 1) for section in open_ones]
    return rng.choices(open_ones, weights)[0]


class Writer:
    """Writes one story after the other and never the same title twice."""

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._titles: set[str] = set()
        self._paths: set[str] = set()
        self._count = 0

    def write(self, moment: datetime, *, section: Section | None = None) -> Story:
        """Returns the next story, for that section or for one that is drawn."""
        self._count += 1
        rng = Random(f"{self._seed}/{self._count}")
        section = section or pick_section(rng, year=moment.year)
        language = LANGUAGES[section.language]
        title = fresh(language, language.titles, rng=rng, used=self._titles)
        used = {title}
        description = fresh(language, language.standfirsts, rng=rng, used=used)
        story = Story(
            number=self._count,
            section=section,
            path="",
            title=title,
            description=description,
            authors=_authors(language, rng=rng),
            moment=moment,
            revised=moment + timedelta(minutes=rng.randint(5, 19)) if rng.random() < 0.3 else None,
            tags=tuple(rng.sample(language.tags, rng.randint(0, 3))),
            blocks=_blocks(language, rng=rng, used=used),
            caption=fresh(language, language.captions, rng=rng, used=used),
            comments=_comments(language, rng=rng, used=used),
        )
        return replace(story, path=self._free(_path(story)))

    def _free(self, path: str) -> str:
        stem, dot, form = path.rpartition(".html")
        stem = stem if dot else path
        candidates = chain((path,), (f"{stem}-{n}{dot}{form if dot else ''}" for n in count(2)))
        free = next(candidate for candidate in candidates if candidate not in self._paths)
        self._paths.add(free)
        return free


def plain(text: str) -> tuple[Block, ...]:
    """Returns a text whose paragraphs are parted by blank lines as a body."""
    return tuple(Block(kind="p", texts=(part.strip(),)) for part in re.split(r"\n\s*\n", text) if part.strip())


def _path(story: Story) -> str:
    moment, section = story.moment, story.section
    return section.path.format(
        y=f"{moment:%Y}",
        m=f"{moment:%m}",
        d=f"{moment:%d}",
        slug=f"{slug(story.title, ascii_only=section.language in ('en', 'de', 'fr', 'es', 'pl'))}",
        number=story.id,
        id=story.id,
    )


def _authors(language: Language, *, rng: Random) -> tuple[str, ...]:
    wanted = rng.choices((0, 1, 2), (2, 6, 2))[0]
    names = list(dict.fromkeys(person(language, rng=rng) for _ in range(wanted * 2)))
    return tuple(names[:wanted])


def _comments(language: Language, *, rng: Random, used: set[str]) -> tuple[Comment, ...]:
    wanted = rng.choice((0, 0, 0, 1, 2, 4))
    return tuple(
        Comment(author=person(language, rng=rng), text=fresh(language, language.comments, rng=rng, used=used))
        for _ in range(wanted)
    )


def _blocks(language: Language, *, rng: Random, used: set[str]) -> tuple[Block, ...]:
    paragraphs = rng.choice((1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12))
    blocks = [_paragraph(language, rng=rng, used=used) for _ in range(paragraphs)]
    if paragraphs >= 5:
        blocks[paragraphs // 2 : paragraphs // 2] = _interlude(language, rng=rng, used=used)
    return tuple(blocks)


def _paragraph(language: Language, *, rng: Random, used: set[str]) -> Block:
    sentences = (fresh(language, language.sentences, rng=rng, used=used) for _ in range(rng.randint(2, 4)))
    return Block(kind="p", texts=(language.space.join(sentences),))


def _interlude(language: Language, *, rng: Random, used: set[str]) -> list[Block]:
    what = rng.choice(("none", "h2", "ul", "blockquote", "all"))
    head = Block(kind="h2", texts=(fresh(language, language.subheads, rng=rng, used=used),))
    items = Block(kind="ul", texts=tuple(fresh(language, language.items, rng=rng, used=used) for _ in range(3)))
    said = Block(kind="blockquote", texts=(fresh(language, language.quotes, rng=rng, used=used),))
    lead = _paragraph(language, rng=rng, used=used)
    table = {"none": [], "h2": [head], "ul": [items], "blockquote": [said], "all": [head, lead, items, said]}
    return table[what]
