"""Addresses as pages spell them, and as browsers ask for them."""

import pytest

from crawler.embeds.needs import LONGEST_URL, MOST_ADDRESSES, MOST_NEEDS, Collection, Need, absolute

BASE = "https://news.example/a/b.html?q=1"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("x.png", "https://news.example/a/x.png"),
        ("/x.png", "https://news.example/x.png"),
        ("../x.png", "https://news.example/x.png"),
        ("../../../x.png", "https://news.example/x.png"),
        ("./c/../x.png", "https://news.example/a/x.png"),
        ("?v=2", "https://news.example/a/b.html?v=2"),
        ("//cdn.example/x.png", "https://cdn.example/x.png"),
        ("http://cdn.example/x.png#top", "http://cdn.example/x.png"),
        ("https:///cdn.example/x.png", "https://cdn.example/x.png"),
        ("HTTP://CDN.Example/X.png", "http://cdn.example/X.png"),
        ("https://cdn.example", "https://cdn.example/"),
        ("https://cdn.example:8443/x", "https://cdn.example:8443/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("  \n x.png \t", "https://news.example/a/x.png"),
        ("x\n\t.png", "https://news.example/a/x.png"),
        ("my photo.png", "https://news.example/a/my%20photo.png"),
        ("ä.png", "https://news.example/a/%C3%A4.png"),
        ("a%20b.png?x=%C3%A4&y=a b", "https://news.example/a/a%20b.png?x=%C3%A4&y=a%20b"),
        ("\\img\\x.png", "https://news.example/img/x.png"),
        ("/x?a='b'", "https://news.example/x?a=%27b%27"),
        ("/i/w_400,h_300/x.jpg", "https://news.example/i/w_400,h_300/x.jpg"),
        ("https://user:secret@cdn.example/x", "https://cdn.example/x"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("http://cdn.example/utm?utm_source=x", "http://cdn.example/utm?utm_source=x"),
    ],
)
def test_addresses_are_resolved_as_browsers_do(written: str, asked: str) -> None:
    """White space, backslashes, missing parts and letters beyond ASCII are forgiven; nothing else changes."""
    assert Collection(base=BASE).resolve(written) == asked


@pytest.mark.parametrize(
    "written",
    [
        "", "  ", None, "#top", "data:image/png;base64,AAAA", "DATA:text/css,x", "blob:https://news.example/1",
        "about:blank", "javascript:void(0)", "mailto:a@b.example", "ftp://a.example/x", "file:///etc/passwd",
        "http://", "http://a.example:99999/x", "http://[::1/x", "http://a b.example/x",
        "/img/{width}.jpg", "{{ image.url }}", "${url}", "http://<b>/x",
    ],
)  # fmt: skip
def test_what_leads_nowhere_on_the_web_is_no_need(written: str | None) -> None:
    """Other schemes, fragments, a script's patterns and what is no URL are passed over in silence."""
    found = Collection(base=BASE)
    found.add(written, "image")
    assert found.needs() == Collection(base=BASE).needs()


def test_a_need_is_listed_once_and_the_page_itself_never() -> None:
    """The first kind stays; an empty query of the page is another URL."""
    found = Collection(base=BASE)
    found.add("x", "script")
    found.add("/a/x", "image")
    found.add(BASE, "image")
    found.add("b.html", "other")
    assert found.needs(without=BASE).needs == (
        Need("https://news.example/a/x", "script"),
        Need("https://news.example/a/b.html", "other"),
    )


def test_very_long_addresses_are_counted_and_not_listed() -> None:
    """One character more than the longest is too long; data of any length is nothing."""
    found = Collection(base=BASE)
    found.add("https://a.example/".ljust(LONGEST_URL, "x"), "image")
    found.add("https://a.example/".ljust(LONGEST_URL + 1, "x"), "image")
    found.add("data:" + "x" * LONGEST_URL, "image")
    assert (len(found.needs().needs), found.needs().dropped) == (1, {"too-long": 1})
    assert absolute("ä" * LONGEST_URL, base=BASE) is None


def test_thousands_of_needs_are_bounded_and_counted() -> None:
    """So many are listed, so many more looked at; the rest is counted unread."""
    found = Collection(base=BASE)
    for number in range(MOST_ADDRESSES + 100):
        found.add(f"/{number}", "image")
    needs = found.needs()
    assert len(needs.needs) == MOST_NEEDS
    assert needs.dropped == {"too-many": MOST_ADDRESSES + 100 - MOST_NEEDS}
