"""Each command finds what it needs when it is the first to load it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import ROOT, Machine


@pytest.mark.parametrize("command", ["articles", "status", "verify", "reextract", "rebuild", "site", "doctor", "up"])
def test_a_command_loads_by_itself(tmp_path: Path, command: str) -> None:
    """In a process that has loaded nothing of ours yet; `crawl` and `replay` are begun so elsewhere."""
    machine = Machine(tmp_path)
    ended = subprocess.run(
        machine.command(command, "--help"), env=machine.environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Usage: microfiche {command} ")


def test_what_extracts_loads_no_s3_client() -> None:
    """Each crawl starts such a process, and has it work on pages alone."""
    told = "import sys, archive.warmed; print('boto3' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ended.stdout == "False\n"
