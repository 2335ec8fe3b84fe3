"""What stands behind the article's own container goes, unless it stands there as the article does."""

from lxml.html import fromstring

from archive.articles.body.prose import Prose, without_tail

OWN = tuple(
    f"Paragraph {number} of the piece on the weir says what the others say, at the length that a paragraph has here."
    for number in range(1, 9)
)
FOREIGN = (
    "The Gazette is read in eleven villages, and its society of friends meets in the mill on each first Monday.",
    "Write to us",
)


def paragraphs(lines: tuple[str, ...]) -> str:
    """Return the markup of paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


def test_what_stands_behind_the_container_goes() -> None:
    """The boilerplate in a box of another kind, with the short lines behind it."""
    tree = fromstring(
        f'<main><div class="story">{paragraphs(OWN)}</div><section class="box">{paragraphs(FOREIGN)}</section></main>'
    )
    container = Prose.of(tree).narrowest(percent=60)
    assert container is not None
    assert container.get("class") == "story"
    assert without_tail([*OWN, *FOREIGN], container=container, tree=tree) == list(OWN)


def test_a_second_container_like_the_first_stays() -> None:
    """Articles are parted by what stands between; so is one whose first container is not most of it."""
    parts = "".join(f'<div class="story">{paragraphs(lines)}</div>' for lines in (OWN[:6], OWN[6:]))
    tree = fromstring(f"<main>{parts}</main>")
    container = Prose.of(tree).narrowest(percent=60)
    assert container is not None
    assert container.tag == "div"
    assert without_tail(OWN, container=container, tree=tree) == list(OWN)

    others = f'<div class="story">{paragraphs(OWN[:5])}</div><div class="more">{paragraphs(OWN[5:])}</div>'
    tree = fromstring(f"<main>{others}</main>")
    container = Prose.of(tree).narrowest(percent=60)
    assert container is not None
    assert without_tail(OWN, container=container, tree=tree) == list(OWN)


def test_what_stands_before_the_container_and_short_lines_behind_it_stay() -> None:
    """A first paragraph stands apart on many pages; a short line tells nothing."""
    tree = fromstring(
        f'<main><p class="first">{FOREIGN[0]}</p><div class="story">{paragraphs(OWN)}</div><i>{FOREIGN[1]}</i></main>'
    )
    container = Prose.of(tree).narrowest(percent=60)
    assert container is not None
    found = [FOREIGN[0], *OWN, FOREIGN[1]]
    assert without_tail(found, container=container, tree=tree) == found


def test_nothing_found_stays_nothing() -> None:
    """A page without text has no tail."""
    tree = fromstring("<main><p>x</p></main>")
    assert Prose.of(tree).narrowest(percent=60) is None
    assert without_tail([], container=tree, tree=tree) == []
