"""kill -9 of Chromium while the real command crawls: every page is captured in the end, and each article once."""

import random
from collections import Counter
from pathlib import Path

from tests.browsers import kill_one
from tests.holdings import commits_of, opened
from tests.machine import Machine, wait_until
from tests.newsroom import Newsroom

_SCRIPTED, _KILLS = 27, 3
_EVERY = 4  # requests of the browser between two kills: a page or two


def asked_by_browser(paper: Newsroom) -> int:
    """How many requests Chromium made so far: it says more of itself than plain HTTP does."""
    return sum(any(name.lower() == "sec-fetch-mode" for name, _ in hit.headers) for hit in paper.log)


def test_every_page_is_captured_however_often_the_browser_dies(tmp_path: Path) -> None:
    """No page fails by it, no article is there twice, and verify finds nothing wrong."""
    dice, machine = random.Random(4), Machine(tmp_path)
    with Newsroom(articles=6, scripts=_SCRIPTED, seed=4) as paper, machine.served():
        paper.heal()
        machine.site("courier", paper.url, revisit=[])
        with machine.started("crawl", "courier") as process:
            killed = 0
            while killed < _KILLS:
                seen = asked_by_browser(paper)
                wait_until(lambda seen=seen: process.over or asked_by_browser(paper) >= seen + _EVERY)
                assert not process.over, (
                    f"the crawl was over before kill {killed}; {asked_by_browser(paper)} requests of the browser"
                )
                killed += kill_one(process, dice=dice) is not None
            assert process.wait(240) == 0, (tmp_path / "started.log").read_text()
        needed = [one.url for one in paper.truth if one.needs_browser]
        with opened(machine) as store:
            (commit,) = commits_of(store)
        outcomes = {one["url"]: (one["outcome"], one["reason"]) for one in commit["outcomes"]}
        assert {outcomes[url] for url in needed} == {("captured", None)}
        lines = Counter(line["url"] for line in machine.json_lines("articles", "--all-revisions"))
        assert [lines[url] for url in needed] == [1] * len(needed)
    ended = machine.run("verify")
    assert ended.returncode == 0, ended.stdout + ended.stderr
