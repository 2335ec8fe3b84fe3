"""Each command finds what it needs when it is the first to load it."""

import subprocess
from pathlib import Path

import pytest

from tests.machine import Machine


@pytest.mark.parametrize("command", ["status", "verify", "rebuild", "site", "doctor", "up"])
def test_a_command_loads_by_itself(tmp_path: Path, command: str) -> None:
    """In a process that has loaded nothing of ours yet; `crawl`, `articles` and others are begun so elsewhere."""
    machine = Machine(tmp_path)
    ended = subprocess.run(
        machine.command(command, "--help"), env=machine.environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Usage: microfiche {command} ")
