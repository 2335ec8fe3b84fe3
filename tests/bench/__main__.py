"""`scripts/bench crawl`, `line`, `kill`, `warc`, `browser`, `consent` and `articles`."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from tests.bench import articles, browser, browser_steady, consent, crawl, kill, line, warc

_CORES = 2
_WIDE = 120  # columns for a file or a pipe
_Measured = tuple[RenderableType, Mapping[str, Any]]


def main() -> None:
    """Reads the options, measures, prints a table, or JSON."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers are stopped, also then
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    measures: Mapping[str, Callable[[argparse.Namespace], _Measured]] = {
        "crawl": _crawl,
        "line": _line,
        "kill": _kill,
        "warc": _warc,
        "browser": _browser,
        "consent": _consent,
        "articles": _articles,
    }
    table, facts = measures[options.what](options)
    if options.json:
        print(json.dumps(facts))  # noqa: T201  this is a program's output
    else:
        console = Console()
        (console if console.is_terminal else Console(width=_WIDE)).print(table)
    if facts.get("failed"):
        sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure on two cores, newspaper and services included. Read the ratios."
    )
    parsers = parser.add_subparsers(dest="what", required=True)
    first = parsers.add_parser("crawl", help="our crawl stage beside bare Scrapy and wget")
    first.add_argument("--pages", type=int, help="pages of 60 KB gzip (1,500; with --memory 20,000)")
    first.add_argument("--rounds", type=int, default=3)
    first.add_argument("--memory", action="store_true", help="only ours, its memory early and late in one crawl")
    second = parsers.add_parser("line", help="the whole command, from URL to JSON in S3")
    second.add_argument("--pages", type=int, default=600, help="pages of 60 KB gzip")
    third = parsers.add_parser("kill", help="kill -9 at random and at every named point: what is lost, what it costs")
    third.add_argument("--times", type=int, default=25, help="how many trials")
    third.add_argument("--seed-from", type=int, default=0, help="the first seed; go on behind an earlier run with it")
    third.add_argument("--keep", type=Path, help="a folder for what is left of trials that fail")
    fourth = parsers.add_parser("warc", help="our WARC writer beside warcio's and fastwarc's")
    fourth.add_argument("--pages", type=int, default=400, help="responses of 170 KB")
    fourth.add_argument("--rounds", type=int, default=5)
    fifth = parsers.add_parser("browser", help="rendered pages beside plain Playwright, which records nothing")
    fifth.add_argument("--pages", type=int, help="pages of the newspaper, half of which need scripts (40; 500; 60)")
    fifth.add_argument("--rounds", type=int, default=3)
    longer = fifth.add_mutually_exclusive_group()
    longer.add_argument("--memory", action="store_true", help="only ours, what Chromium holds over 500 pages")
    longer.add_argument("--kills", action="store_true", help="kill -9 of Chromium while the command crawls 60 pages")
    fifth.add_argument("--seed", type=int, default=4, help="for --kills")
    sixth = parsers.add_parser(
        "consent", help="what becomes of consent banners, real and written, and of what looks so"
    )
    sixth.add_argument("names", nargs="*", help="only these walls")
    seventh = parsers.add_parser("articles", help="our extractor beside others, on pages whose truth is known")
    seventh.add_argument("folder", type=Path, help="of *.jsonl.gz: a page a line, with html, url and truth")
    seventh.add_argument("--only", action="append", default=[], help="beside this one only; may be given again")
    seventh.add_argument("--pages", type=int, help="of each set at most")
    for one in (first, second, third, fourth, fifth, sixth, seventh):
        one.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


def _crawl(options: argparse.Namespace) -> _Measured:
    if options.memory:
        cost = crawl.remember(pages=options.pages or crawl.MARKS[-1])
        return crawl.memory_table(cost), {"rss_at": dict(cost.rss_at), "rss_peak": cost.rss_peak}
    comparison = crawl.compare(pages=options.pages or 1500, rounds=options.rounds)
    return comparison.table(), comparison.as_json()


def _line(options: argparse.Namespace) -> _Measured:
    measured = line.measure(pages=options.pages)
    return measured.table(), measured.as_json()


def _kill(options: argparse.Namespace) -> _Measured:
    tally = kill.measure(range(options.seed_from, options.seed_from + options.times), keep=options.keep)
    return tally.table(), tally.as_json()


def _warc(options: argparse.Namespace) -> _Measured:
    comparison = warc.compare(pages=options.pages, rounds=options.rounds)
    return comparison.table(), comparison.as_json()


def _browser(options: argparse.Namespace) -> _Measured:
    if options.memory:
        cost = browser_steady.remember(pages=options.pages or browser_steady.MARKS[-1])
        return browser_steady.memory_table(cost), {"rss_at": dict(cost.rss_at), "rss_peak": cost.rss_peak}
    if options.kills:
        survival = browser_steady.survive(pages=options.pages or 60, seed=options.seed)
        return survival.table(), survival.as_json()
    comparison = browser.compare(pages=options.pages or 40, rounds=options.rounds)
    return comparison.table(), comparison.as_json()


def _articles(options: argparse.Namespace) -> _Measured:
    comparison = articles.compare(options.folder, only=options.only, pages=options.pages)
    return comparison.table(), comparison.as_json()


def _consent(options: argparse.Namespace) -> _Measured:
    tally = consent.measure(names=options.names)
    return tally.table(), tally.as_json()


main()
