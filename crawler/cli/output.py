"""What commands print: tables as wide as they need to be where nobody looks, JSON, and silence to a closed pipe."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDE = 240  # columns for a file or a pipe: nothing is cut that someone may search for


def console() -> Console:
    """The console for standard output."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=_WIDE)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[str] = ()) -> Table:
    """A plain table; the columns named in `numbers` are set flush right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Prints one JSON document, indented for people who look at it."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_json_line(document: Mapping[str, Any]) -> None:
    """Prints one JSON document on one line, for a script that waits for it."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


@contextlib.contextmanager
def quiet_pipe() -> Iterator[None]:
    """Ends the block in silence when whoever reads our output has seen enough (`| head`)."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes standard output once more as it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def listed(reasons: Mapping[str, int]) -> str:
    """Counts by reason on one line, the most first; empty for none."""
    return ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items(), key=lambda item: -item[1]))


def printable(text: str) -> str:
    """A text that cannot act on a terminal or begin a line of its own: what sites say may hold any character."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def short(text: str, *, longest: int) -> str:
    """A text on one line of at most `longest` characters, safe for a terminal."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
