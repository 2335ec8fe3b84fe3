"""Imports point down: crawler, archive, libraries."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ABOVE = {"crawler", "scrapy", "twisted", "playwright"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_archive_knows_nothing_of_the_crawler() -> None:
    """archive/ imports neither crawler nor what only a crawler needs."""
    files = sorted((ROOT / "archive").rglob("*.py"))
    assert len(files) > 20
    assert {str(path): imported(path) & ABOVE for path in files if imported(path) & ABOVE} == {}


def test_the_product_knows_nothing_of_its_tests() -> None:
    """Neither package imports tests."""
    files = [*(ROOT / "archive").rglob("*.py"), *(ROOT / "crawler").rglob("*.py")]
    assert [str(path) for path in files if "tests" in imported(path)] == []


def test_scripts_that_run_the_tests_set_up_what_these_import() -> None:
    """A user may serve the newspaper before anything else."""
    texts = {path.name: path.read_text() for path in (ROOT / "scripts").iterdir() if path.is_file()}
    running = {name for name, text in texts.items() if "-m tests." in text or "-m pytest" in text}
    assert {"bench", "newsroom", "test"} <= running
    assert {name for name in running if 'scripts/setup" tests/requirements.lock' not in texts[name]} == set()
