"""Numbers about an article's text: its words, and the digest that tells revisions apart."""

import hashlib
import json
import re
from collections.abc import Sequence

# Scripts written without spaces: each character counts as one word.
_DENSE = re.compile(
    r"[\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_BETWEEN = "\u2013\u2014/|…"
_WORD = re.compile(r"\w")


def word_count(text: str) -> int:
    """Count words: runs without white space, dash, slash or bar that hold a letter or a digit.

    Characters of Chinese, Japanese, Thai, Lao, Burmese and Khmer count one each, as these scripts set no spaces;
    Korean counts by its spaces.
    """
    spaced, dense = (text, 0) if text.isascii() else _DENSE.subn(" ", text)
    for mark in _BETWEEN:
        spaced = spaced.replace(mark, " ")
    runs = spaced.split()
    return dense + len(runs) - sum(1 for run in runs if not run[0].isalnum() and not _WORD.search(run))


def content_digest(*, title: str | None, authors: Sequence[str], text: str) -> str:
    """Return `sha256:` and the digest of title, authors and text.

    What is hashed is the JSON array [title, [author, …], text] in UTF-8, without spaces and with no character escaped
    that JSON does not require to be; a missing title is null.
    """
    canonical = json.dumps([title, list(authors), text], ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()
