"""No site begins a line of our log, or commands our terminal."""

import io
import logging

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from crawler.cli.loglines import LogLines
from crawler.cli.output import printable
from crawler.cli.progress import Progress

ANY = st.text(st.characters())
ODD = st.text(st.sampled_from("a\r\n\0\x07\x08\x1b[2J\x7f\x85\x9b\u2028\u202e%s{}[red]"))


@given(ANY | ODD)
def test_a_text_from_a_site_is_printed_on_one_line(text: str) -> None:
    """Without control characters, in any terminal's encoding; printing it twice changes nothing."""
    told = printable(text)
    assert told.isprintable()
    assert len(told.splitlines()) <= 1
    assert printable(told) == told


@given(ANY | ODD)
def test_a_log_record_is_one_line_of_ours(text: str) -> None:
    """Its traceback is indented: none of its lines can be taken for a record."""
    lines = _logged(text)
    assert [line for line in lines if not line.startswith("    ")] == [lines[0]]
    assert lines[0].startswith("ERROR tests: asked ")
    assert all(line.isprintable() for line in lines)


@given(ANY | ODD)
def test_a_line_of_progress_is_one_line(text: str) -> None:
    """Whatever a problem's text holds, and without rich's markup."""
    out = io.StringIO()
    Progress(Console(file=out, width=100, soft_wrap=True)).say(f"courier: {text}")
    assert out.getvalue().endswith("\n")
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()


def _logged(text: str) -> list[str]:
    formatter = LogLines("%(levelname)s %(name)s: %(message)s")
    try:
        raise ValueError(text)
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "asked %s", (text,), trace)
    return formatter.format(record).split("\n")
