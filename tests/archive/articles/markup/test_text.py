"""From bytes to characters, as browsers do it."""

import pytest

from archive.articles.markup.text import decode, parse

HEAD = '<html><head><meta charset="{}"></head><body><p>größer, größte, schön und weiß</p>'


@pytest.mark.parametrize(
    ("page", "charset", "headers"),
    [
        ("größer".encode(), None, ()),
        ("größer".encode(), "utf-8", ()),
        ("\ufeffgrößer".encode(), "iso-8859-1", ()),
        ("größer".encode("utf-16"), None, ()),
        ("größer".encode("cp1252"), "latin1", ()),
        ("größer".encode("cp1252"), None, (("Content-Type", "text/html; charset=ISO-8859-1"),)),
        (b"<meta charset=windows-1252>" + "größer".encode("cp1252"), None, (("content-type", "text/html"),)),
        (b"<meta charset=utf-16>" + "größer".encode(), None, ()),
        (b"<meta charset=utf-8>" + "größer".encode("cp1252"), "windows-1252", ()),
        ("größer".encode("cp1252"), "no-such-charset", (("Content-Type", "text/html; charset=windows-1252"),)),
        ("größer", None, ()),
    ],
)
def test_the_order_of_the_standard(page, charset, headers):
    """Byte order mark, transport, meta, detection."""
    assert decode(page, charset=charset, headers=headers).endswith("größer")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_an_undeclared_encoding_is_detected(encoding):
    """Enough text in an undeclared legacy encoding is read all the same."""
    text = "<p>Паром через реку возобновил движение в понедельник утром после девятидневного перерыва.</p>" * 5
    assert "Паром через реку" in decode(text.encode(encoding))


def test_controls_and_declarations_do_not_hide_the_page():
    """NUL bytes and an XML declaration stand before and within many a page."""
    tree = parse('<?xml version="1.0" encoding="utf-16"?><html><body><p>a\x00b\x0cc</p></body></html>')
    assert tree is not None
    assert tree.findtext(".//p") == "abc"


@pytest.mark.parametrize("page", ["", "   ", "\x00\x01", "\ud800"])
def test_nothing_is_no_page(page):
    """What has no text has no tree, and nothing raises."""
    assert parse(page) is None or parse(page).tag == "html"
