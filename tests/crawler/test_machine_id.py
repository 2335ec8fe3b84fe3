"""crawler.line.machine_id: made once, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import pytest

from archive.errors import ServiceError
from crawler.line import machine_id


def test_it_stays(tmp_path: Path) -> None:
    assert machine_id(tmp_path) == machine_id(tmp_path) != ""


def test_who_come_at_the_same_instant_agree(tmp_path: Path) -> None:
    for number in range(50):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ThreadPoolExecutor(4) as threads:
            names = set(threads.map(machine_id, repeat(folder, 4)))
        assert (len(names), "" in names) == (1, False)


def test_what_a_killed_command_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "machine-id").touch()
    assert machine_id(tmp_path) == machine_id(tmp_path) != ""


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "machine-id").mkdir()
    with pytest.raises(ServiceError, match=r"cannot keep .*machine-id: Is a directory; make room there, or"):
        machine_id(tmp_path)
