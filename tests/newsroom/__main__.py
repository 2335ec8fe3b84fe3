"""`python -m tests.newsroom` serves the newspaper until Ctrl-C."""

import argparse
import json
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from tests.newsroom import Newsroom
from tests.newsroom.bench import serve_big


def main() -> None:
    """Reads the options, serves, and prints one line with the address."""
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description="Serve a fictional newspaper.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--articles", type=int, default=400, help="how many articles")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another newspaper")
    parser.add_argument("--crawl-delay", type=float, help="Crawl-delay in robots.txt, in seconds")
    parser.add_argument("--scripts", type=int, default=0, help="so many articles besides in sections full of scripts")
    parser.add_argument("--access-log", type=Path, help="append a line for each request")
    parser.add_argument(
        "--truth", type=Path, help="write what each article says, and the bad promises, as lines of JSON"
    )
    parser.add_argument("--bench", type=int, metavar="N", help="serve N big pages instead, to measure crawlers")
    options = parser.parse_args()
    if options.bench:
        serve_big(pages=options.bench, port=options.port, access_log=options.access_log)
    else:
        serve_paper(options)


def serve_paper(options: argparse.Namespace) -> None:
    """Serves the newspaper until SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    paper = Newsroom(
        articles=options.articles,
        seed=options.seed,
        port=options.port,
        crawl_delay=options.crawl_delay,
        access_log=options.access_log,
        scripts=options.scripts,
    )
    with paper:
        if options.truth:
            write_truth(paper, file=options.truth)
        sys.stdout.write(f"The Valley Courier is at {paper.url}\n")
        sys.stdout.flush()
        stop.wait()


def write_truth(paper: Newsroom, *, file: Path) -> None:
    """Writes a line {"truth": …} for each article and {"bad": …} for each bad promise."""
    lines = [{"truth": asdict(truth)} for truth in paper.truth] + [{"bad": asdict(bad)} for bad in paper.bad]
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


main()
