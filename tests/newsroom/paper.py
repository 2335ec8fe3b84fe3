"""The newspaper's state: its stories, what is promised badly, the rules in force. Everything else is a view of it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import unquote

from tests.newsroom.faults import Down, Faults, failure
from tests.newsroom.sections import LADEN, SCRIPTED, SECTIONS, Section
from tests.newsroom.stories import Story, Writer, moments, plain, truth_of
from tests.newsroom.truth import Bad, Truth
from tests.newsroom.wire import Reply

BAD = {
    "/2021/02/29/the-day-that-was-not.html": "not-found",
    "/2020/06/31/withdrawn-by-the-editor.html": "gone",
    "/2022/04/31/always-broken.html": "server-error",
    "/private/2023/drafts-of-the-night-desk": "robots",
    "/2018/12/24/moved-away.html": "off-site",
    "/sport/": "section",
}


class Paper:
    """A newspaper of so many articles, a function of seed, articles and now.

    `base` is its address without a slash, `other` that of its second origin. `scripts` is the number of articles that
    it has besides, in sections that are nothing without scripts, and in some that only look so.
    """

    def __init__(
        self,
        *,
        base: str,
        seed: int,
        articles: int,
        now: datetime,
        crawl_delay: float | None = None,
        scripts: int = 0,
    ) -> None:
        self.base = base
        self.other = base
        self.seed = seed
        self.now = now.replace(microsecond=0)
        self.crawl_delay = crawl_delay
        self.robots: str | int | None = None
        self.redesign: str | None = None
        self.parted: set[str] = set()
        self.faults = Faults()
        self._writer = Writer(seed=seed)
        self.sections = (*SECTIONS, *SCRIPTED, *LADEN) if scripts else SECTIONS
        self.stories: list[Story] = [self._writer.write(moment) for moment in moments(articles, now=self.now)]
        if scripts:
            self._add_scripted(scripts)
        self.first = tuple(self.stories)
        self._before = earlier(self.first)
        self._index()
        self._moods()

    @property
    def truth(self) -> list[Truth]:
        """The truth of each article, the oldest first."""
        return [truth_of(story, base=self.base) for story in self.stories]

    @property
    def bad(self) -> list[Bad]:
        """The sitemap's promises that no article can come of."""
        return [Bad(url=self.base + path, outcome=outcome) for path, outcome in BAD.items()]

    @property
    def latest(self) -> list[Story]:
        """All stories, the newest first."""
        return sorted(self.stories, key=lambda story: (story.moment, story.number), reverse=True)

    def in_section(self, section: Section) -> list[Story]:
        """Returns the stories of a section, the newest first."""
        return [story for story in self.latest if story.section == section]

    def in_language(self, code: str) -> list[Story]:
        """Returns the stories of a language, the newest first."""
        return [story for story in self.latest if story.section.language == code]

    def at(self, path: str) -> Story | None:
        """Returns the story whose canonical path (decoded, with the query that belongs to it) this is."""
        return self._by_path.get(path)

    def numbered(self, number: int) -> Story | None:
        """Returns the story with that id."""
        return self._by_id.get(number)

    def related(self, story: Story) -> tuple[Story, ...]:
        """Returns a few earlier stories in the same language; what is published later does not change them."""
        return tuple(self._by_id[number] for number in self._before.get(story.id, ()))

    def section(self, home: str) -> Section | None:
        """Returns the section whose first page is at that path."""
        return next((section for section in self.sections if section.home.rstrip("/") == home.rstrip("/")), None)

    def publish_new(self, count: int, *, at: datetime) -> list[Truth]:
        """Adds fresh articles, published at that time, and returns their truth."""
        added = [self._writer.write(at + timedelta(seconds=i)) for i in range(count)]
        self.stories += added
        self._index()
        return [truth_of(story, base=self.base) for story in added]

    def revise(self, truth: Truth, *, text: str, at: datetime) -> Truth:
        """Replaces an article's body and returns its new truth."""
        old = self._by_path[unquote(truth.url.removeprefix(self.base))]
        new = replace(old, blocks=plain(text), revised=at)
        self.stories[self.stories.index(old)] = new
        self._index()
        return truth_of(new, base=self.base)

    def broken_promise(self, path: str) -> Reply | None:
        """Returns the answer to a promise that is bad on purpose, where it is not an ordinary page."""
        outcome = BAD.get(path)
        if outcome in ("not-found", "gone", "server-error"):
            return failure({"not-found": 404, "gone": 410, "server-error": 500}[outcome])
        if outcome == "off-site":
            return Reply(status=301, headers=(("Location", "https://elsewhere.invalid/new-home.html"),))
        return None

    def _add_scripted(self, number: int) -> None:
        """Writes two articles that need scripts for each one that only looks so, and puts them in order."""
        sections = [desk for i in range(number) for desk in (SCRIPTED[i % len(SCRIPTED)], LADEN[i // 2 % len(LADEN)])]
        chosen = [desk for i, desk in enumerate(sections) if i % 4 != 3][:number]
        for moment, section in zip(moments(number, now=self.now), chosen, strict=True):
            self.stories.append(self._writer.write(moment, section=section))
        self.stories.sort(key=lambda story: (story.moment, story.number))

    def _index(self) -> None:
        self._by_path = {story.path: story for story in self.stories}
        self._by_id = {story.id: story for story in self.stories}

    def _moods(self) -> None:
        """Some articles fail the first time they are asked for, and never again."""
        for step, status, retry_after in ((7, 429, 1), (11, 503, 1), (13, 500, None)):
            if len(self.stories) > step:
                self.faults.downs.append(once(self.stories[-step], status=status, retry_after=retry_after))


def earlier(stories: Iterable[Story]) -> dict[int, tuple[int, ...]]:
    """Returns for each story the ids of the last four before it in its language."""
    before: dict[int, tuple[int, ...]] = {}
    last: dict[str, tuple[int, ...]] = {}
    for story in stories:
        code = story.section.language
        before[story.id] = last.get(code, ())
        last[code] = (*before[story.id], story.id)[-4:]
    return before


def once(story: Story, *, status: int, retry_after: int | None) -> Down:
    """Returns the rule by which a story fails once."""
    return Down(pattern=re.compile(f"^{re.escape(story.href)}$"), status=status, times=1, retry_after=retry_after)
