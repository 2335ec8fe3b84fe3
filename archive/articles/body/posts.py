"""Posts of social networks within an article, kept as the quotes that they are.

The network's own markup is a `blockquote` that its script replaces; around it publishers lay boxes whose names say that
what is within is no text. What the markup says of the network itself is none of the post.
"""

from itertools import islice

from lxml.html import HtmlElement

from archive.articles.markup.chrome import length
from archive.articles.markup.text import letters

_INSTAGRAM = "instagram-media"
_MAKERS = frozenset(
    {_INSTAGRAM, "twitter-tweet", "twitter-video", "bluesky-embed", "fb-xfbml-parse-ignore", "mastodon-embed"}
)
_BOXES = frozenset({"div", "figure", "section", "aside", "center", "span"})
_MOST_POSTS = 200
_MOST_BOXES = 8
_CAPTION = 80  # letters that a box may hold beside its post
_LONGEST_NOTICE = 100  # letters


def keep(tree: HtmlElement) -> None:
    """Take posts out of the boxes around them, in place; those that show nothing but a link go."""
    for post in list(islice(tree.iter("blockquote"), _MOST_POSTS)):
        names = (post.get("class") or "").split()
        if not _MAKERS.isdisjoint(names):
            if _INSTAGRAM in names:
                _cut_notices(post)
            if _is_link(post):
                post.drop_tree()
            else:
                _unbox(post)


def _cut_notices(post: HtmlElement) -> None:
    """Cut out links and lines such as "View this post on Instagram" and "A post shared by Jane Doe (@jane)"."""
    for element in list(post.iter("a", "p")):
        said = (element.text_content() or "")[: _LONGEST_NOTICE + 1]
        if len(said) <= _LONGEST_NOTICE and ("Instagram" in said or "(@" in said) and element.getparent() is not None:
            element.drop_tree()


def _is_link(post: HtmlElement) -> bool:
    linked = sum(len(letters(link.text_content())) for link in post.iter("a"))
    return len(letters(post.text_content())) <= linked


def _unbox(post: HtmlElement) -> None:
    most = length(post) + _CAPTION
    box = post
    for outer in islice(post.iterancestors(), _MOST_BOXES):
        if outer.tag not in _BOXES or length(outer) > most or outer.getparent() is None:
            break
        box = outer
    post.attrib.clear()
    parent = box.getparent()
    if box is post or parent is None:
        return
    post.tail, tail = None, box.tail
    parent.replace(box, post)
    post.tail = tail
