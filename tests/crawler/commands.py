"""The `microfiche` command run in this process: the same code as in one of its own, without a second of start-up."""

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from crawler.cli import main


def run_here(*arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    """Runs a command that needs no reactor, in a folder; standard output and error as text."""
    out, error = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    code = 0
    with _in(folder, environment or {}), contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
    out.flush()
    told = out.buffer.getvalue().decode()  # type: ignore[attr-defined]  # it is the BytesIO from above
    return CompletedProcess(arguments, code, told, error.getvalue())


@contextlib.contextmanager
def _in(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MICROFICHE_", "AWS_"))}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, {**clean, **environment}, clear=True):
        yield
