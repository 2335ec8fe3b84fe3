"""The article's text: what is cut off is put back, what leads elsewhere goes."""

from lxml.html import fromstring

from archive.articles import extract
from archive.articles.body import recovery

URL = "https://gazette.example/2026/03/10/the-mill/"
FIRST = "The mill by the weir ground its last sack on Friday, after three hundred years and one flood too many for it."
SECOND = "Its miller, who is eighty, says that he will keep the cat, the key and the right to complain about the river."
THIRD = (
    "The council wants a museum, the owner wants flats, and the cat has been seen to want the warm place by the stove."
)
LAST = (
    "A decision is due in June, when the water is low and everybody can see what is left of the old wheel beneath it."
)
HEADLINE = "Ferry between the two banks sails again after nine days"


def text(body: str, *, head: str = "") -> list[str]:
    """Return the paragraphs of a page with such a body."""
    page = f"<html><head><title>The mill stops</title>{head}</head><body><h1>The mill stops</h1>{body}</body></html>"
    found = extract(page, URL)
    return found.text.split("\n\n") if found and found.text else []


def test_what_stands_as_the_rest_does_is_not_cut_off():
    """An article parted into chunks by what stands between them is read to its end, in order."""
    chunks = "".join(
        f'<div class="grid"><div class="item"><p>{one}</p><p>{two}</p></div></div><div class="slot"></div>'
        for one, two in ((FIRST, SECOND), (THIRD, LAST))
    )
    assert text(f'<article><div class="chunks">{chunks}</div></article>') == [FIRST, SECOND, THIRD, LAST]


def test_the_next_article_on_the_page_is_not_put_back():
    """Articles beneath one another stay apart, however alike they stand."""
    others = "".join(f'<article class="story"><p>{one}</p></article>' for one in (SECOND, THIRD, LAST))
    container = fromstring(f'<div><article class="story"><p>{FIRST}</p></article>{others}</div>')
    assert recovery.complete([FIRST], container=container) == [FIRST]


def test_a_paragraph_that_is_one_link_elsewhere_goes():
    """So does one with a label before it; a link within a sentence stays, and so does a short name."""
    pointers = (
        f'<p><a href="/ferry">{HEADLINE}</a></p>',
        f'<p><b>Les også: </b><a href="/ferry"><i>{HEADLINE}</i></a></p>',
        f'<ul><li>Ferry: <a href="/ferry">{HEADLINE}</a></li>'
        '<li><a href="/bees">Bees move into the organ loft</a></li></ul>',
    )
    kept = f'<p>{SECOND} <a href="/more">{THIRD}</a></p>'
    for pointer in pointers:
        assert text(f"<article><p>{FIRST}</p>{pointer}{kept}<p>{LAST}</p></article>") == [
            FIRST,
            f"{SECOND} {THIRD}",
            LAST,
        ]


def test_what_is_said_of_the_author_at_the_end_goes():
    """It begins with the author's name; the same name within the text stays."""
    head = '<meta name="author" content="Ina Farrow">'
    bio = "<p>Ina Farrow writes about mills, weirs and the animals in them. She lives by the river.</p>"
    quoted = "Ina Farrow was told so by the miller himself, who would not say it twice and would not have it printed."
    body = f"<article><p>{FIRST}</p><p>{quoted}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p>{bio}</article>"
    assert text(body, head=head) == [FIRST, quoted, SECOND, THIRD, LAST]


def test_the_sign_beside_a_heading_that_links_to_it_goes():
    """Themes put a link to the heading itself behind it."""
    heading = '<h2 id="left">What is left<a class="anchor" href="#left">#</a></h2>'
    found = text(f"<article><p>{FIRST}</p><p>{SECOND}</p>{heading}<p>{THIRD}</p><p>{LAST}</p></article>")
    assert found == [FIRST, SECOND, "What is left", THIRD, LAST]


def test_parts_and_cards_named_articles_are_no_articles():
    """A page with its headline outside of them is one article, however many elements are called so."""
    parts = "".join(
        f'<article class="tile"><h3>Reason {number}</h3><p>{one}</p></article>'
        for number, one in enumerate((FIRST, SECOND, THIRD, LAST), 1)
    )
    found = text(f"<main><div>{parts}</div></main>")
    assert [line for line in found if not line.startswith("Reason")] == [FIRST, SECOND, THIRD, LAST]


def test_a_standfirst_goes_and_a_first_paragraph_stays():
    """Both may be what the description repeats; the one is called so, or is a heading."""
    head = f'<meta name="description" content="{SECOND}">'
    rest = f"<p>{FIRST}</p><p>{THIRD}</p><p>{LAST}</p>"
    for standfirst in (
        f'<div class="article-standfirst">{SECOND}</div>',
        f"<h2>{SECOND}</h2>",
        f"<p><b>{SECOND}</b></p>",
    ):
        assert text(f"<article>{standfirst}<div>{rest}</div></article>", head=head) == [FIRST, THIRD, LAST]
    kept = text(f"<article><div><p>{SECOND}</p>{rest}</div></article>", head=head)
    assert kept == [SECOND, FIRST, THIRD, LAST]


def test_a_card_that_pops_up_within_a_sentence_goes():
    """It holds a picture and links, over a word of the paragraph; links of the sentence itself stay."""
    card = (
        '<span class="hover"><span><img src="/miller.jpg"><a href="/miller">Ivo Weir</a>'
        '<a href="/1">Miller sues the river over a lost afternoon</a> <a href="/2">Miller to keep key</a></span></span>'
    )
    body = (
        f'<p>So says <span><a href="/miller">Ivo Weir</a>{card}</span>, the miller, who has <a href="/3">a cat</a> too.'
    )
    found = text(f"<article><p>{FIRST}</p>{body}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p></article>")
    assert found == [FIRST, "So says Ivo Weir, the miller, who has a cat too.", SECOND, THIRD, LAST]


def test_a_paragraph_of_several_pointers_goes():
    """Labels around them do not make it a sentence."""
    links = f'<a href="/f">{HEADLINE}</a> [VIDEO]<br><a href="/b">Bees move into the organ loft of a chapel</a> [MAP]'
    found = text(
        f"<article><p>{FIRST}</p><p><b>DON'T MISS<br>{links}</b></p><p>{SECOND} {THIRD}</p><p>{LAST}</p></article>"
    )
    assert found == [FIRST, f"{SECOND} {THIRD}", LAST]


def test_what_stands_below_a_heading_that_ends_the_article_goes():
    """Who wrote it, and other articles; the same heading near the beginning ends nothing."""
    lines = [f"<p>{line}</p>" for line in (FIRST, SECOND, THIRD, LAST)]
    bio = "<p>She has written of weirs for twenty years, keeps a boat, and was once bitten by the cat of this mill.</p>"
    for heading in ("About the author", "Related articles", "Über den Autor"):
        assert text(f"<article>{''.join(lines)}<h3>{heading}</h3>{bio}</article>") == [FIRST, SECOND, THIRD, LAST]
        early = text(f"<article>{lines[0]}<h3>{heading}</h3>{''.join(lines[1:])}</article>")
        assert early == [FIRST, SECOND, THIRD, LAST]


def test_what_stands_between_as_the_rest_does_is_put_back():
    """A quote, a heading between two paragraphs, a paragraph by another tag; not a line of another kind."""
    container = fromstring(
        f"<div><p>{FIRST}</p><h3>What is left</h3><p>{SECOND}</p><blockquote><p>Short, but a quote.</p></blockquote>"
        f"<p>{THIRD}</p><div>{LAST}</div><section><div>Follow the paper here.</div></section><p>{HEADLINE}</p></div>"
    )
    found = [FIRST, SECOND, THIRD, HEADLINE]
    whole = [FIRST, "What is left", SECOND, "Short, but a quote.", THIRD, LAST, HEADLINE]
    assert recovery.complete(found, container=container) == whole


def test_a_list_may_say_the_same_twice_and_a_page_repeated_is_read_once():
    """A line that comes again alone is the author's; one beside another that comes again, or a long one, is not."""
    meal = "Oats with milk, a spoonful of honey and whatever berries the garden by the weir has left"
    days = f"<p>{FIRST}</p><ul><li>{meal}</li></ul><p>{SECOND}</p><p>{THIRD}</p><ul><li>{meal}</li></ul><p>{LAST}</p>"
    assert text(f"<article>{days}</article>") == [FIRST, meal, SECOND, THIRD, meal, LAST]
    copies = "".join(f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>" for _ in range(2))
    assert text(f"<article>{copies}<p>{LAST}</p></article>") == [FIRST, SECOND, THIRD, LAST]


def test_a_byline_that_nothing_names_is_no_text():
    """A line of its own above the text, with the author and the day."""
    body = f"<article><p>By Ina Farrow • March 10, 2026</p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article>"
    assert text(body) == [FIRST, SECOND, THIRD]
