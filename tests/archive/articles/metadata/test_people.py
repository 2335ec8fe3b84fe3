"""Who wrote a page: what it tells machines, what it shows beside the headline, and what is no author at all."""

import pytest

from archive.articles.markup.page import Page
from archive.articles.markup.text import parse
from archive.articles.metadata.people import authors
from archive.articles.model import Hints

PROSE = (
    "<p>The ferry across the sound has not run since Tuesday, and the bakery on the far shore has had no flour for"
    " three days, which is why the council met in the boat house and not in the town hall this time.</p>"
)


def who(inner: str, *, head: str = "", after: str = "") -> tuple[str, ...]:
    html = (
        f"<html><head><title>No ferry, no bread | The Sound</title>{head}</head><body>{inner}{PROSE * 2}{after}</body>"
    )
    tree = parse(html)
    assert tree is not None
    page = Page(tree=tree, url="https://sound.example/no-ferry", headers=(), hints=Hints(), promise=None)
    return authors(page).names


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<p>By Ida Storm</p>", ("Ida Storm",)),
        ("<p>By <a href='/x'>Ida Storm</a> and <a href='/y'>Per Lund</a></p>", ("Ida Storm", "Per Lund")),
        ("<div><span>Written by</span> <b>Ida Storm</b> <i>Reporter at Large</i></div>", ("Ida Storm",)),
        ("<p>Von Ida Storm</p>", ("Ida Storm",)),
        ("<p>Автор: Ида Шторм</p>", ("Ида Шторм",)),
        ("<div class='Meta_authorName__x7f'>Ida Storm</div>", ("Ida Storm",)),
        ("<div class='blog__authorname'>Ida Storm</div>", ("Ida Storm",)),
        ("<a href='/authors/storm'>Ida Storm</a>", ("Ida Storm",)),
        ("<a href='/people/ida-storm'>Ida Storm</a>", ("Ida Storm",)),
        ("<ul><li class='w'><a href='/ida-storm'>Ida Storm</a></li><li class='w'>4 May 2021</li></ul>", ("Ida Storm",)),
        ("<p><strong>Ida Storm</strong></p>", ("Ida Storm",)),
        ("<p>Posted by <a href='/u/1'>tidewatch</a></p>", ("tidewatch",)),
        ("<p>By Harbour Team</p>", ("Harbour Team",)),
        ("<div><span>Ida Storm |</span> <span>4 May 2021</span></div>", ("Ida Storm",)),
        ("<ul><li>4. 5. 2021</li><li><i></i> Ida Storm</li></ul>", ("Ida Storm",)),
        ("<p>By Ida Storm · <span>3 hours ago</span></p>", ("Ida Storm",)),
        ("<p>4 May 2021 · By Ida Storm and Per Lund</p>", ("Ida Storm", "Per Lund")),
    ],
)
def test_a_byline_beside_the_headline(byline, expected):
    """It says 'by', is called so, leads to the author's page, or stands alone in bold above the text."""
    assert who(f"<h1>No ferry, no bread</h1>{byline}") == expected


@pytest.mark.parametrize(
    "line",
    [
        "<p>Reviewed by <b>Ida Storm</b></p>",
        "<p>Photo by <b>Ida Storm</b></p>",
        "<p>By the Harbour</p>",
        "<h2>By Royal Appointment</h2>",
        "<p>By Staff</p>",
        "<p>Editorial Team</p>",
        "<a href='/topics/far-shore'>Far Shore</a><p>4 May 2021</p>",
        "<h2>Far Shore</h2><p>4 May 2021</p>",
        "<div><span>Bad Fernau</span> <span>4 May 2021</span></div>",
        "<div><span class='kicker'>Far Shore</span> <span>4 May 2021</span></div>",
        "<p>Поделиться статьёй</p><p>4 May 2021</p>",
        "<p>شارك هذا المقال</p><p>4 May 2021</p>",
        "<table><tr><td>Far Shore Ferries</td><td>4 May 2021</td></tr></table>",
        "<div><span>Far Shore</span> <span>Plan 2021</span></div>",
        "<p><strong>Key Takeaways</strong></p>",
        "<div class='author-bio'>Ida Storm</div>",
        "<div class='author'>4 May 2021</div>",
        "<a href='/users/login'>Log in</a>",
    ],
)
def test_what_is_no_byline(line):
    """Other parts played, headings, topics, dates and accounts name no author; none is invented."""
    assert who(f"<h1>No ferry, no bread</h1>{line}") == ()


def test_a_list_of_other_articles_names_none_of_this_ones_authors():
    """Far from the headline a name is a byline only where it is called so, or says more than 'by'."""
    teasers = "<div><h3>Cold spring</h3><p>By Una Grey</p><h3>Warm autumn</h3><p>By Olav Berg</p></div>"
    assert who("<h1>No ferry, no bread</h1>", after=PROSE + teasers) == ()
    assert who("<h1>No ferry, no bread</h1>", after=PROSE + "<p>Written by Ida Storm</p>") == ("Ida Storm",)


def test_people_come_before_organisations():
    """A newspaper that names itself gives way to the person beside the headline, and stays where nobody is named."""
    head = '<meta name="author" content="The Sound"><meta property="og:site_name" content="The Sound">'
    assert who("<h1>No ferry, no bread</h1><p>By Ida Storm</p>", head=head) == ("Ida Storm",)
    assert who("<h1>No ferry, no bread</h1>", head=head) == ("The Sound",)


def test_a_login_gives_way_to_a_name():
    """An account's name among the metadata stays only where the page shows no better one."""
    head = '<meta name="author" content="istorm7">'
    assert who("<h1>No ferry, no bread</h1><p>By Ida Storm</p>", head=head) == ("Ida Storm",)
    assert who("<h1>No ferry, no bread</h1>", head=head) == ("istorm7",)


def test_a_container_named_after_a_sidebar_may_hold_the_article():
    """What holds the headline stands around nothing, whatever it is called."""
    assert who("<div class='stickySidebar'><h1>No ferry, no bread</h1><p>By Ida Storm</p></div>") == ("Ida Storm",)


def test_the_site_gives_way_to_who_signed():
    """A word that is the name of the host is no person; a name in bold above the text is, or several with strokes."""
    head = '<meta name="author" content="Sound">'
    assert who("<h1>No ferry, no bread</h1><p>By Ida Storm</p>", head=head) == ("Ida Storm",)
    assert who("<h1>No ferry, no bread</h1><p>By Sound</p>", head=head) == ("Sound",)
    signed = "<h1>No ferry, no bread</h1><p>By The Sound</p><p><strong>Ida Storm/Per Lund</strong></p>"
    head = '<meta name="author" content="The Sound"><meta property="og:site_name" content="The Sound">'
    assert who(signed + PROSE.replace("<p>", "<p><b>T</b>"), head=head) == ("Ida Storm", "Per Lund")


def test_a_desk_behind_a_name_is_where_they_work():
    """What begins with the name of the site, behind a person's, is an office of it."""
    assert who("<h1>No ferry, no bread</h1><p>By Ida Storm, Sound North</p>") == ("Ida Storm",)


@pytest.mark.parametrize("author", ["Sound Websites Inc", "Fährmann GmbH", "bq7rtz2ma0ci", "ida-storm-7"])
def test_companies_and_keys_of_accounts_are_nobody(author):
    """Who made the website, and what an account is kept under, wrote nothing."""
    assert who("<h1>No ferry, no bread</h1>", head=f'<meta name="author" content="{author}">') == ()


def test_words_without_a_capital_are_no_name():
    """Of what a page shows, in scripts that have capital letters."""
    byline = "<div class=byline><span>Posted by</span> <a href='/u/1'>tidewatch</a> <i>from the quay</i></div>"
    assert who(f"<h1>No ferry, no bread</h1>{byline}") == ("tidewatch",)


TOLD = '<meta name="author" content="Ida Storm">'


def test_who_is_told_alone_and_shown_with_others_wrote_with_them():
    """Many systems tell machines the first author only."""
    links = "".join(f"<a class='authors-link' href='/x'>{name}</a>" for name in ("Ida Storm", "Per Lund", "Mia Quist"))
    byline = f"<h1>No ferry, no bread</h1><p class='article-authors'>by {links}</p>"
    assert who(byline, head=TOLD) == ("Ida Storm", "Per Lund", "Mia Quist")


@pytest.mark.parametrize("label", ["Fact-checked by", "Tested by"])
def test_who_did_something_else_is_no_author_among_others(label):
    """Names in elements like the author's, behind a label of their own."""
    byline = (
        f"<p><span>By</span> <a>Ida Storm</a> <span>{label}</span> <a>Per Lund</a> <span>and</span> <a>Mia Quist</a>"
    )
    assert who(f"<h1>No ferry, no bread</h1>{byline}", head=TOLD) == ("Ida Storm",)
    assert who(f"<h1>No ferry, no bread</h1>{byline}") == ("Ida Storm",)


def test_a_signature_stands_above_a_text_of_short_paragraphs():
    """Two of them make the text together."""
    first = "he ferry has not run since Tuesday, and nobody on the island knows why. " * 2
    short = f"<p><b>T</b>{first}</p><p>{'No bread. ' * 13}</p>"
    assert who(f"<h1>No ferry, no bread</h1><p><strong>Ida Storm</strong></p>{short}") == ("Ida Storm",)


def test_news_is_nobody():
    assert who("<h1>No ferry, no bread</h1>", head='<meta name="author" content="Nachrichten">') == ()
