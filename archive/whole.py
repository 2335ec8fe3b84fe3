"""Drafts of pages become drafts of articles: the further pages of an article are added to its first one.

A first page that did not change, and whose further pages were not had in this attempt, gives no line, for that line
would say that the article lost them: it is counted as `unchanged`, and what was said at its last full capture holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.articles import measure
from archive.articles.body import parts
from archive.pages import Draft
from archive.urls import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A draft of an article, and those of its further pages whose text it has now, in their order."""

    draft: Draft
    parts: tuple[Draft, ...] = ()


def whole(drafts: Sequence[Draft]) -> list[Whole]:
    """Puts articles together; the order is that of their first pages. Further pages are no drafts of their own."""
    further: Mapping[str, dict[int, Draft]] = defaultdict(dict)
    for draft in drafts:
        if draft.part is not None:
            further[canonical(draft.part.of)][draft.part.number] = draft
    heads = (draft for draft in drafts if draft.part is None)
    return [_joined(head, further=further.get(canonical(head.url), {})) for head in heads]


def _joined(head: Draft, *, further: Mapping[int, Draft]) -> Whole:
    if head.article is None or head.next is None:
        return Whole(draft=head)
    pages = [page for page in _in_order(further) if page.article is not None]
    if not further:
        return Whole(draft=replace(head, article=None, outcome="unchanged") if head.unchanged else head)
    text = parts.joined([head.article.text, *(page.article.text for page in pages if page.article)])
    if text == head.article.text:  # the same page under another address
        return Whole(draft=head)
    article = replace(head.article, text=text, word_count=measure.word_count(text), content_digest=_digest(head, text))
    return Whole(draft=replace(head, article=article), parts=tuple(pages))


def _in_order(further: Mapping[int, Draft]) -> Iterable[Draft]:
    """The second page, the third, up to the first that is missing."""
    number = 2
    while number in further:
        yield further[number]
        number += 1


def _digest(head: Draft, text: str) -> str:
    article = head.article
    assert article is not None
    return measure.content_digest(title=article.title, authors=article.authors, text=text)
