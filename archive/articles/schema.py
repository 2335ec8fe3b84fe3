"""The published line, schema `article/1`: its keys in order, its JSON Schema, and the check against it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from archive.articles.model import Article
from archive.urls import article_id

EXTRACTOR: Mapping[str, str] = {"name": "microfiche", "version": "4"}
SCHEMA: Mapping[str, Any] = json.loads(files("archive.articles").joinpath("article-1.schema.json").read_text("utf-8"))


def publish(
    article: Article,
    *,
    site: str,
    key: str,
    url: str,
    capture: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]] = (),
    layouts: str | None = None,
) -> dict[str, Any]:
    """Return the line of an article as it is published, its keys in schema order.

    `key` is the article's key by id/1, `url` what was captured, `capture` and `parts` where it lies in the archive,
    `layouts` the digest of those that it was read with.
    """
    line: dict[str, Any] = {"id": article_id(site, key), "site": site, "url": url}
    line["canonical_url"] = article.canonical
    fields = asdict(article)
    line |= {name: _plain(fields[name]) for name in _ORDER}
    line |= {
        "capture": dict(capture),
        "parts": [dict(part) for part in parts],
        "extractor": {**EXTRACTOR, "layouts": layouts},
    }
    return line


_ORDER = (
    "title", "description", "authors", "published", "modified", "language", "section", "tags", "lead_image", "kind",
    "access", "text", "entries", "word_count", "content_digest", "rights", "sources",
)  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: lists, not tuples."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def validate(line: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a published line, each as `path: message`; nothing for a valid one."""
    errors = sorted(_validator().iter_errors(line), key=lambda error: [str(part) for part in error.absolute_path])
    return [f"{'.'.join(map(str, error.absolute_path)) or '(line)'}: {error.message[:300]}" for error in errors]


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(dict(SCHEMA))
