"""The text that a page claims in JSON-LD is a vote: boxes that it has not go, paragraphs that it has come back."""

import json

from lxml.html import fromstring

from archive.articles import extract
from archive.articles.body import claimed

URL = "https://gazette.example/2026/03/10/the-weir/"
LINES = (
    "The weir at the lower mill gave way on Sunday night, and by the morning the meadows stood under a foot of water.",
    "Nobody was hurt, says the fire brigade, which had spent the night carrying sheep across the only bridge there is.",
    "The council had known of the crack since autumn; the report on it lay, as one of them puts it, in the wrong tray.",
    "Repairs are to begin when the river has fallen, and they will cost as much as the new roof of the village school.",
    "Until then the road to the mill stays closed, and the bus stops at the church, which the driver says he regrets.",
    "The sheep, who were asked by nobody, have settled in the churchyard and show no sign of wanting to move anywhere.",
)
BOX = (
    "What a weir is for: it holds back a river so that a mill has its water in summer and the boats theirs in winter, "
    "and where it fails everybody below it learns at once what it was for."
)


def page(body: str, *, claim: str) -> str:
    """Return a page with such a body and such a claim."""
    said = json.dumps({"@type": "NewsArticle", "headline": "The weir gives way", "articleBody": claim})
    head = f'<title>The weir gives way</title><script type="application/ld+json">{said}</script>'
    return f"<html><head>{head}</head><body><h1>The weir gives way</h1>{body}</body></html>"


def text(body: str, *, claim: str) -> list[str]:
    """Return the paragraphs read from such a page."""
    found = extract(page(body, claim=claim), URL)
    return found.text.split("\n\n") if found else []


def body(*, box: str) -> str:
    """Return an article with a box after its third paragraph."""
    first, last = ("".join(f"<p>{line}</p>" for line in half) for half in (LINES[:3], LINES[3:]))
    return f"<article><div>{first}</div><section><p>{box}</p></section><div>{last}</div></article>"


def test_a_box_that_the_claim_has_not_goes() -> None:
    """It stands apart from the paragraphs that the claim has; without a claim it stays."""
    assert text(body(box=BOX), claim=" ".join(LINES)) == list(LINES)
    assert BOX in text(body(box=BOX), claim="")


def test_a_paragraph_beside_those_of_the_claim_stays() -> None:
    """Claims leave things out: what stands in the same element as the rest is the article's."""
    markup = "".join(f"<p>{line}</p>" for line in LINES)
    claim = " ".join(line for line in LINES if line != LINES[3])
    assert text(f"<article><div>{markup}</div></article>", claim=claim) == list(LINES)


def test_a_claim_that_is_cut_off_cuts_nothing_off() -> None:
    """What follows its end stays, boxes too."""
    claim = " ".join(LINES)[:-200]
    end = f"<article><div>{''.join(f'<p>{line}</p>' for line in LINES)}</div><section><p>{BOX}</p></section></article>"
    assert text(end, claim=claim) == [*LINES, BOX]


def test_a_claim_of_something_else_is_no_vote() -> None:
    """Some say the same on each page of the site, or only how the article begins."""
    other = " ".join(f"Number {n}: the paper has told of this valley since its first issue." for n in range(20))
    assert text(body(box=BOX), claim=other) == text(body(box=BOX), claim="")
    assert text(body(box=BOX), claim=LINES[0]) == text(body(box=BOX), claim="")


def test_a_claim_with_marks_counts_as_its_text() -> None:
    """Some write their markup into it, some escape that."""
    marked = "".join(f"<p>{line}</p>" for line in LINES)
    assert text(body(box=BOX), claim=marked) == list(LINES)
    assert text(body(box=BOX), claim=marked.replace("<", "&lt;").replace(">", "&gt;")) == list(LINES)


def test_a_paragraph_that_page_and_claim_have_comes_back() -> None:
    """It stands where the page has it, and lines that say the same twice stay."""
    tree = fromstring(
        "<div>" + "".join(f"<p>{line}</p>" for line in ("Note", *LINES[:3], "Note", *LINES[3:])) + "</div>"
    )
    found = ["Note", *LINES[:2], "Note", *LINES[3:]]
    back = ["Note", *LINES[:3], "Note", *LINES[3:]]
    assert claimed.settled(found, claim=" ".join(LINES), tree=tree) == back
