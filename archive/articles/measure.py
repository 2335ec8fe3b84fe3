"""Numbers about an article's text: its words, and the digest that tells revisions apart."""

import hashlib
import json
import re
from collections.abc import Sequence

# Scripts written without spaces: each character counts as one word.
_DENSE = re.compile(
    r"[\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"\w+(?:['’\u200c\u200d-]\w+)*")


def word_count(text: str) -> int:
    """Count words: runs of letters, digits and combining marks, with apostrophes and hyphens inside.

    Characters of Chinese, Japanese, Thai, Lao, Burmese and Khmer count one each, as these scripts set no spaces;
    Korean counts by its spaces.
    """
    dense = len(_DENSE.findall(text))
    marks = re.sub(r"[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0983\u09bc-\u09cd"
                   r"\u0a01-\u0a51\u0b01-\u0b57\u0b82-\u0bcd\u0c00-\u0c56\u0d00-\u0d57\u064b-\u0652]", "", text)  # fmt: skip
    return dense + len(_WORD.findall(_DENSE.sub(" ", marks)))


def content_digest(*, title: str | None, authors: Sequence[str], text: str) -> str:
    """Return `sha256:` and the digest of title, authors and text.

    What is hashed is the JSON array [title, [author, …], text] in UTF-8, without spaces and with no character escaped
    that JSON does not require to be; a missing title is null.
    """
    canonical = json.dumps([title, list(authors), text], ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()
