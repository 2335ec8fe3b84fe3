"""Writes again what is written from the fixtures: their index, and the golden digests.

    python -m tests.archive.articles.renew

Only together with a new `EXTRACTOR["version"]` may the digests change (`test_golden`).
"""

from tests.archive.articles.fixtures import FIXTURES, FOLDER, index
from tests.archive.articles.golden import GOLDEN, dump, golden


def main() -> None:
    """Write both files."""
    (FOLDER / "README.md").write_text(index(FIXTURES), "utf-8")
    GOLDEN.write_text(dump(golden()), "utf-8")


if __name__ == "__main__":
    main()
