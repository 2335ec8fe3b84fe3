"""`scripts/bench crawl` and `scripts/bench line`."""

import argparse
import json
import os
from collections.abc import Mapping
from typing import Any

from rich.console import Console, RenderableType

from tests.bench import crawl, line

_CORES = 2


def main() -> None:
    """Reads the options, measures, prints a table, or JSON."""
    options = _options()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    table, facts = _crawl(options) if options.what == "crawl" else _line(options)
    if options.json:
        print(json.dumps(facts))  # noqa: T201  this is a program's output
    else:
        Console().print(table)


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
    for one in (first, second):
        one.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


def _crawl(options: argparse.Namespace) -> tuple[RenderableType, Mapping[str, Any]]:
    if options.memory:
        cost = crawl.remember(pages=options.pages or crawl.MARKS[-1])
        return crawl.memory_table(cost), {"rss_at": dict(cost.rss_at), "rss_peak": cost.rss_peak}
    comparison = crawl.compare(pages=options.pages or 1500, rounds=options.rounds)
    return comparison.table(), comparison.as_json()


def _line(options: argparse.Namespace) -> tuple[RenderableType, Mapping[str, Any]]:
    measured = line.measure(pages=options.pages)
    return measured.table(), measured.as_json()


main()
