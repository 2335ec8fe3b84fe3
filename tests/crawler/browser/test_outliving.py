"""The browser ends with us, however we end."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.machine import ROOT


@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["us alone", "all our processes"])
def test_the_browser_never_outlives_us(kill) -> None:
    """Not even a kill -9 while a page hangs."""
    command = [sys.executable, "-m", "tests.crawler.browser.outlived"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as program:
        assert program.stdout is not None
        try:
            processes = [psutil.Process(int(pid)) for pid in program.stdout.readline().split()]
        finally:
            kill(program.pid, signal.SIGKILL)
    assert len(processes) > 2
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert [process.name() for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
