"""How the tests are named, which come first, and the servers that they share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.embedded import Services, services

ROOT = Path(__file__).parent
# A file stays with one worker. Those that take longest begin first, so that none is left for one worker at the end.
LONGEST = (
    "test_outages.py",
    "test_kills.py",
    "crawler/consent",
    "crawler/browser",
    "test_interruptions.py",
    "test_embeds.py",
    "test_dedup.py",
    "test_replay.py",
    "test_replay_rendered.py",
    "test_rendering.py",
    "test_browser_killed.py",
    "test_walls.py",
    "test_line.py",
    "fuzz",
    "newsroom",
    "crawler/test_conditional.py",
    "crawler/test_cli_holdings.py",
    "crawler/test_cli_reextract.py",
    "archive/test_verify_mutations.py",
    "archive/test_verify_forgeries.py",
    "archive/test_embedded_life.py",
    "archive/test_store.py",
    "archive/test_verify.py",
    "test_replay_revisits.py",
    "test_scrapy.py",
    "archive/articles",
)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Number bytes, whose names would else tell their content: what gzip makes of a page differs by the second."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; a file's tests stay in their order."""
    ranks = {ROOT / name: rank for rank, name in enumerate(LONGEST)}

    def rank(item: pytest.Item) -> int:
        return min((ranks[place] for place in (item.path, *item.path.parents) if place in ranks), default=len(ranks))

    items.sort(key=rank)


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "data"


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Iterator[Services]:
    """One Postgres and one S3 for all tests of a worker; each has a database or a prefix of its own."""
    with services(embedded_folder) as running:
        yield running
