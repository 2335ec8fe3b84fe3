"""Page -> Article: metadata, body, what is no article text, and whether it is an article at all.

`extract` is the face; `read` also tells why a page is none, `candidates` what it chose from; `publish` makes the
line of schema `article/1`.
"""

from archive.articles.candidates import Candidate, candidates
from archive.articles.extraction import extract, read
from archive.articles.judging.kinds import Shape, shape
from archive.articles.model import Article, Entry, Hints, Refusal, Rights
from archive.articles.schema import EXTRACTOR, SCHEMA, publish, validate

__all__ = [
    "EXTRACTOR", "SCHEMA", "Article", "Candidate", "Entry", "Hints", "Refusal", "Rights", "Shape",
    "candidates", "extract", "publish", "read", "shape", "validate",
]  # fmt: skip
