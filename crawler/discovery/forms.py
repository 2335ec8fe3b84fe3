"""How the URLs of a site are built: numbers, words and titles told apart, so that pages of a kind fall together."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from archive.promise import Promise

_NUMBER: Final = re.compile(r"\d+")
_LONGEST_WORD: Final = 20  # characters of a segment that is still a word and no slug


def commonest(promises: Sequence[Promise]) -> list[tuple[str, int, str]]:
    """Groups URLs by how they are built: the form, how many have it, and the first of them; the commonest first."""
    numbers: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for promise in promises:
        form = form_of(promise.url)
        numbers[form] += 1
        examples.setdefault(form, promise.url)
    return [(form, number, examples[form]) for form, number in numbers.most_common()]


def form_of(url: str) -> str:
    """How a URL is built: `/news/2024/05/17/a-long-title.html` is `/news/0/0/0/slug.html`."""
    parts = urlsplit(url)
    segments = [_form_of_segment(segment) for segment in unquote(parts.path).split("/")]
    names = "&".join(pair.partition("=")[0] for pair in parts.query.split("&")) if parts.query else ""
    return "/".join(segments) + (f"?{names}" if names else "")


def _form_of_segment(segment: str) -> str:
    name, dot, extension = segment.rpartition(".") if "." in segment[-6:] else (segment, "", "")
    plain = _NUMBER.sub("0", name)
    is_slug = "-" in name.strip("-") or "_" in name or len(name) > _LONGEST_WORD or not name.isascii()
    return f"{'slug' if is_slug else plain}{dot}{extension}"
