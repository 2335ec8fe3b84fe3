"""Posts of social networks within an article are its quotes, in their place, whatever box stands around them."""

import pytest

from archive.articles import extract

_LINES = (
    "The council of Millbrook decided on Tuesday to close the old swimming hall for at least two years, because the "
    "roof no longer carries the snow of a normal winter, an engineer told the committee.",
    "Members of the swimming club had asked for another report, which the mayor refused after a long debate that went "
    "on until midnight and was watched by some eighty people in the gallery.",
    "The club now wants to train in the neighbouring town, and parents have begun to organise buses for the children "
    "who swim there every week, as they said on Wednesday.",
)
_TWEET = (
    '<blockquote class="twitter-tweet" data-lang="en"><p lang="en" dir="ltr">We will fight for a new hall.</p>'
    '&mdash; SV Millbrook (@svmillbrook) <a href="https://twitter.com/svmillbrook/status/1">March 3, 2026</a>'
    '</blockquote><script async src="https://platform.twitter.com/widgets.js"></script>'
)
_SKEET = (
    '<blockquote class="bluesky-embed"><p>The roof was never repaired.</p>&mdash; Jane Rowe '
    '(<a href="https://bsky.app/profile/x">@jane.example</a>)</blockquote>'
)
_PICTURE = (
    '<blockquote class="instagram-media"><div><a href="https://www.instagram.com/p/x/">View this post on Instagram</a>'
    '<p>Our last day in the water.</p><p>A post shared by <a href="/sv/">SV</a> (@sv)</p></div>'
    "</blockquote>"
)
_ONLY_A_LINK = (
    '<blockquote class="mastodon-embed"><a href="https://news.example/@x/1">View on Mastodon</a></blockquote>'
)


def _text(middle: str) -> list[str]:
    first, second, last = (f"<p>{line}</p>" for line in _LINES)
    html = f"<title>The Hall</title><main><article><h1>The Hall</h1>{first}{second}{middle}{last}</article></main>"
    article = extract(html.encode(), "https://news.example/2026/03/the-hall.html")
    assert article is not None
    return article.text.split("\n\n")


@pytest.mark.parametrize(
    "box",
    [
        "{}",
        '<div class="embed embed-twitter">{}</div>',
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">{}</div></figure>',
        '<aside class="embed">{}</aside>',
    ],
)
def test_a_post_stands_between_its_neighbours(box: str) -> None:
    quote = ["We will fight for a new hall.", "— SV Millbrook (@svmillbrook) March 3, 2026"]
    assert _text(box.format(_TWEET)) == [*_LINES[:2], *quote, _LINES[2]]


def test_each_network_has_its_markup() -> None:
    skeet = ["The roof was never repaired.", "— Jane Rowe (@jane.example)"]
    assert _text(f'<div class="embed">{_SKEET}</div>') == [*_LINES[:2], *skeet, _LINES[2]]
    assert _text(f'<div class="embed">{_PICTURE}</div>') == [*_LINES[:2], "Our last day in the water.", _LINES[2]]


def test_a_post_that_shows_nothing_but_a_link_is_no_text() -> None:
    assert _text(_ONLY_A_LINK) == list(_LINES)


def test_a_box_that_holds_more_than_a_post_stays() -> None:
    """A box with the rest of the story is the story's."""
    more = f"<p>{_LINES[2]}</p>".replace("club", "choir")
    assert _LINES[2].replace("club", "choir") in _text(f"<div>{_TWEET}{more}</div>")
