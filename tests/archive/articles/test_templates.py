"""What the templates of WordPress and of site generators say, and where: bylines, dates, sections, gates, chrome."""

from datetime import UTC, datetime

import pytest

from archive.articles import Article, Hints, Refusal, read
from archive.promise import Promise, Source

BODY = "".join(
    f"<p>The {name} of the village met on the green and talked about the mill, the river and the price of bread.</p>"
    for name in ("baker", "miller", "smith", "carter", "weaver")
)
URL = "https://moor.example/bread-is-dear-again-this-year.html"
HINTS = Hints(site="moor", home="https://moor.example/")


def page(inner: str, *, head: str = "<title>Bread is dear – The Moor Gazette</title>") -> str:
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{inner}</body></html>'


def article(inner: str, *, url: str = URL, promise: Promise | None = None) -> Article:
    found = read(page(inner), url, hints=HINTS, promise=promise)
    assert isinstance(found, Article), found
    return found


GENERATOR = """
    <header><h1><a href="https://moor.example/">The Moor Gazette</a></h1></header>
    <section id="content"><article><header><h1 class="entry-title">Bread is dear</h1></header>
    <div class="entry-content"><footer class="post-info">
    <abbr class="published" title="2024-05-15T22:34:00+02:00">Published: Wed 15 May 2024</abbr>
    <abbr class="modified" title="2024-05-16T08:00:00+02:00">Updated: Thu 16 May 2024</abbr>
    <address class="vcard author">By <a class="url fn" href="/author/ina.html">Ina Farrow</a>
    <a class="url fn" href="/author/tom.html">Tom Ashby</a></address></footer>%s</div></article></section>
    <div class="blogroll"><h2>links</h2><ul><li><a href="https://gen.example/">Generator</a></li></ul></div>
    <footer id="about"><p>Built on <a href="https://theme.example/2009/08/a-layout/">a theme</a></p></footer>
"""


def test_a_footer_inside_the_article_tells_who_and_when() -> None:
    """hAtom's published and modified are dates; two names that only white space parts are two people."""
    found = article(GENERATOR % BODY)
    assert found.authors == ("Ina Farrow", "Tom Ashby")
    assert (found.published, found.modified) == ("2024-05-15T22:34:00+02:00", "2024-05-16T08:00:00+02:00")
    assert "Published" not in found.text
    assert "Ina" not in found.text


def test_the_footer_of_the_page_says_nothing_of_the_article() -> None:
    """Neither a byline nor a date is read from it."""
    chrome = '<footer><p class="byline">By Una Grey</p><time datetime="2001-01-01">long ago</time></footer>'
    found = article(f"<main><h1>Bread is dear</h1>{BODY}</main>{chrome}")
    assert (found.authors, found.published) == ((), None)


def test_a_comments_footer_is_none_of_the_articles() -> None:
    """Comments are articles with footers of their own in some templates."""
    comment = '<div id="comments"><article class="comment-body"><footer><b class="fn author">Una Grey</b></footer>'
    found = article(f"<article><h1>Bread is dear</h1>{BODY}</article>{comment}</article></div>")
    assert found.authors == ()


def test_a_date_that_is_both_published_and_updated_is_that_of_publication() -> None:
    """A biography's heading names the author; the link to all that they wrote is no name."""
    found = article(f"""
        <article class="hentry"><h1>Bread is dear</h1><div class="entry-content">{BODY}</div>
        <footer class="entry-footer"><div class="posted-by"><span class="posted-on">Published
        <time class="entry-date published updated" datetime="2023-10-20T22:16:09+02:00">20 October</time></span></div>
        <div class="author-bio"><h2 class="author-title">By Ina Farrow</h2><p class="author-description">Ina writes.</p>
        <a class="author-link" href="/author/ina/" rel="author">View all of Ina Farrow's posts.</a></div>
        </footer></article>""")
    assert (found.published, found.modified) == ("2023-10-20T22:16:09+02:00", None)
    assert found.authors == ("Ina Farrow",)


def test_a_heading_that_begins_with_by_is_no_byline() -> None:
    """In headings only those named after the author are read."""
    assert article(f"<article><h1>Bread is dear</h1>{BODY}<h2>By Royal Appointment</h2>{BODY}</article>").authors == ()


def test_blocks_of_an_editor_name_the_author_and_the_commenters() -> None:
    """`wp-block-` before a name says nothing; what a comment's block holds is no author of the article."""
    found = article(f"""
        <main><h1>Bread is dear</h1><div class="entry-content">{BODY}</div>
        <div class="wp-block-post-author"><div class="wp-block-post-author__content">
        <p class="wp-block-post-author__name">Ina Farrow</p></div></div></main>
        <div class="wp-block-comment-author-name">Una Grey</div>""")
    assert found.authors == ("Ina Farrow",)
    assert article(f'<main>{BODY}<div class="wp-block-comment-author-name">Una Grey</div></main>').authors == ()


def test_categories_are_the_section_and_tags_are_tags() -> None:
    """The block of categories marks its links as tags; they are none. The post's image is the lead image."""
    found = article(f"""
        <main><figure class="wp-block-post-featured-image"><img src="/bread.jpg" alt=""></figure>{BODY}
        <div class="taxonomy-category wp-block-post-terms"><a href="/category/local/" rel="tag">Local</a></div>
        <div class="taxonomy-post_tag wp-block-post-terms"><a href="/tag/bread/" rel="tag">bread</a></div></main>""")
    assert (found.section, found.tags) == ("Local", ("bread",))
    assert found.lead_image == "https://moor.example/bread.jpg"
    classic = article(
        f'<article>{BODY}<a href="/c/" rel="category tag">Local</a><a href="/t/" rel="tag">bread</a></article>'
    )
    assert (classic.section, classic.tags) == ("Local", ("bread",))


def test_no_date_is_taken_from_where_links_lead() -> None:
    """Addresses of links and images, navigation and the page's footer hold dates of other things."""
    found = article(f"""
        <nav>5 May 2019</nav><main><h1>Bread is dear</h1>{BODY}<a href="https://other.example/2009/08/01/x/">more</a>
        <img src="/uploads/2011/02/03/mill.jpg" alt=""></main><footer>Since 1 August 2009</footer>""")
    assert found.published is None


def test_a_feed_tells_when_an_entry_was_updated() -> None:
    """A feed's date of change counts where it is not that of publication; a sitemap's never does."""
    early, late = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 2, tzinfo=UTC)

    def promised(source: Source, modified: datetime) -> str | None:
        promise = Promise(url=URL, source=source, found_in=URL, published=early, modified=modified)
        return article(f"<main>{BODY}</main>", promise=promise).modified

    assert promised(Source.FEED, late) == "2024-05-02T00:00:00+00:00"
    assert promised(Source.FEED, early) is None
    assert promised(Source.SITEMAP, late) is None


@pytest.mark.parametrize(
    ("path", "inner", "reason"),
    [
        ("/pages/about-this-paper.html", "<h1>About this paper</h1>", "static"),
        ("/about-the-moor-gazette", "<h1>About the paper</h1>", "static"),
        ("/type/aside/", '<h1>Asides</h1><article><time datetime="2024-10-17">17 October</time></article>', "section"),
        (
            "/2024/05/01/only-for-members-of-the-guild/",
            '<form class="post-password-form" action="/wp-login.php?action=postpass"><p>This content is password'
            " protected. To view it please enter your password below:</p></form>",
            "gate",
        ),
    ],
)
def test_a_page_that_is_no_article_says_what_it_is(path: str, inner: str, reason: str) -> None:
    """Static pages, lists of one format, and what asks for a password."""
    text = "" if reason == "gate" else BODY
    found = read(page(f"<main>{inner}{text}</main>"), f"https://moor.example{path}", hints=HINTS)
    assert isinstance(found, Refusal)
    assert found.reason == reason


@pytest.mark.parametrize("link", ['href="https://moor.example" rel="home"', 'href="/"', 'href="https://moor.example/"'])
def test_a_heading_that_links_home_is_the_sites_name(link: str) -> None:
    """It is never the title, even where the headline and the title element differ."""
    found = article(f"""
        <header><h1 class="wp-block-site-title"><a {link}>The Moor Gazette</a></h1></header>
        <main><h1>Dearer: Bread is very dear</h1>{BODY}</main>""")
    assert found.title == "Dearer: Bread is very dear"


@pytest.mark.parametrize("text", ["No ferry goes on Sunday.", "It was different.\n\nAll of it was quite different."])
def test_a_very_short_article_is_only_its_text(text: str) -> None:
    """The container of the text is trusted; title, date and what stands around it are left out."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    assert article(GENERATOR % paragraphs).text == text
    bare = f"""
        <h1>Bread is dear</h1><p class="date"><time>2024-05-15</time></p><div id="text">{paragraphs}</div>
        <footer><a href="/contact">Contact</a></footer>"""
    assert article(bare).text == text


def test_a_named_standfirst_above_a_very_short_article_is_no_text() -> None:
    """What the description repeats, and its name calls a teaser, is left out however short the text is."""
    said = "A report from the moor, where the council has a plan and its neighbours have another."
    head = f'<title>Bread is dear</title><meta name="description" content="{said}">'
    inner = f'<article><div class="field-teaser"><p>{said}</p></div><div class="field-body"><p>%s</p></div></article>'
    found = read(page(inner % "No ferry goes on Sunday or Monday.", head=head), URL, hints=HINTS)
    assert isinstance(found, Article)
    assert found.text == "No ferry goes on Sunday or Monday."
