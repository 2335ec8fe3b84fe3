"""What the extractor gives changes only together with its version."""

import json

from tests.archive.articles.golden import GOLDEN, golden


def test_extraction_is_byte_for_byte_what_it_was() -> None:
    """On every hand-written page and on an issue of the newspaper.

    A change that is meant goes with a new `EXTRACTOR["version"]` in `archive.articles.schema`; then
    `python -m tests.archive.articles.renew` writes the golden file again.
    """
    kept, now = json.loads(GOLDEN.read_text("utf-8")), golden()
    changed = {
        name: (kept["pages"].get(name), now["pages"].get(name))
        for name in kept["pages"].keys() | now["pages"].keys()
        if kept["pages"].get(name) != now["pages"].get(name)
    }
    assert not changed, "digests of text and of all else; if this is meant: a new version, then renew"
    assert kept["version"] == now["version"], "a new version: renew the golden file too"
    assert len(kept["pages"]) > 150
