"""Counting words, and telling revisions apart."""

import hashlib

import pytest

from archive.articles.measure import content_digest, word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One", 1),
        ("Don’t count half-words twice, please.", 5),
        ("one – two — three … four", 4),
        ("渡し船", 3),
        ("第2回 test", 4),
        ("समाचार पत्र", 2),
        ("عادت العبّارة", 2),
        ("서울 시장", 2),
        ("...... !!", 0),
    ],
)
def test_words_in_all_scripts(text, count):
    """Words are counted by spaces where a script has them, by characters where it has none."""
    assert word_count(text) == count


def test_the_digest_is_of_title_authors_and_text():
    """The digest is sha256 over a JSON array that anyone can write again."""
    canonical = '["Gulls win",["Ada Quill"],"Für jetzt.\\n\\nMehr."]'.encode()
    digest = content_digest(title="Gulls win", authors=("Ada Quill",), text="Für jetzt.\n\nMehr.")
    assert digest == "sha256:" + hashlib.sha256(canonical).hexdigest()
    assert digest != content_digest(title=None, authors=("Ada Quill",), text="Für jetzt.\n\nMehr.")
