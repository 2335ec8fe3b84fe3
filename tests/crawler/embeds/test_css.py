"""What stylesheets need."""

# ruff: noqa: E501  a table is read by its rows

import pytest

from crawler.embeds.css import read_css
from crawler.embeds.needs import MOST_NEEDS

BASE = "https://cdn.example/css/main.css"


@pytest.mark.parametrize(
    ("written", "needs"),
    [
        ('@import "a.css";', [("a.css", "stylesheet")]),
        ("@import 'a.css' screen and (min-width: 1px);", [("a.css", "stylesheet")]),
        ("@import url(a.css) layer(x) supports(display: grid);", [("a.css", "stylesheet")]),
        ('@IMPORT URL( "a.css" );@import url(b.css)', [("a.css", "stylesheet"), ("b.css", "stylesheet")]),
        ('@namespace url(http://www.w3.org/1999/xhtml); a{b:url(c)}', [("c", "image")]),
        ("p{background:url(x.png)}", [("x.png", "image")]),
        ("p{background:url( 'x y.png' ) no-repeat, url(\"z.png\")}", [("x%20y.png", "image"), ("z.png", "image")]),
        ("p{background:url(a\\29 b.png)}", [("a)b.png", "image")]),
        ("p{content:'url(no.png)'}", [("no.png", "never")]),
        ("/* url(no.png) @import 'no.css' */ p{a:url(x)} /* url(no", [("x", "image")]),
        ("p{a:url(data:image/png;base64,AA==)}q{a:url(#id)}r{a:url()}", []),
        ("p{a:image-set('1.png' 1x, \"2.png\" 2x type('image/png'))}", [("1.png", "image"), ("2.png", "image")]),
        ("p{a:-webkit-image-set(url(1.png) 1x, url(2.png) 2x)}", [("1.png", "image"), ("2.png", "image")]),
        ("p{content:'a'} q{quotes:'x' 'y'}", []),
        ("p{cursor:url(c.cur),auto;mask:url(m.svg#m)}", [("c.cur", "image"), ("m.svg", "image")]),
        ("@font-face{src:url(f.woff2)format('woff2'),url(f.woff)format('woff'),url(f.ttf)}", [("f.woff2", "font")]),
        ("@font-face{src:url(f.eot);src:url(f.eot?#iefix)format('embedded-opentype'),url(f.woff)}", [("f.woff", "font")]),
        ("@font-face{src:local('F'),url(f.ttf) format(truetype)} p{a:url(x)}", [("f.ttf", "font"), ("x", "image")]),
        ("@font-face{src:url(f.svg#f) format('svg')}", []),
        ("@font-face{font-family:a;src:url(1)}@font-face{src:url(2)}", [("1", "font"), ("2", "font")]),
        ("@media print{@font-face{src:url(f)}p{a:url(x)}}", [("f", "font"), ("x", "image")]),
        ("p{a:url(x\ny)} q{a:url('un\nclosed)} r{a:url(z)}", [("x", "image"), ("z", "image"), ("un", "image")]),
        ("url(", []),
        ("@import", []),
        ("@import ;p{a:url(x)}", [("x", "image")]),
        ("p{--image:url(x.png)}", [("x.png", "image")]),
    ],
)  # fmt: skip
def test_a_stylesheet_is_read_for_imports_images_and_fonts(written: str, needs: list[tuple[str, str]]) -> None:
    """Addresses are relative to the stylesheet; of a font's formats one is taken; comments and strings are nothing."""
    found = {(need.url, need.kind) for need in read_css(written, base=BASE).needs}
    assert found == {(f"https://cdn.example/css/{url}", kind) for url, kind in needs if kind != "never"}


def test_formats_that_are_not_chosen_are_counted() -> None:
    """Three of four are left."""
    written = "@font-face{src:url(a.eot);src:url(a.eot) format('embedded-opentype'),url(a.woff2),url(a.woff)}"
    assert read_css(written, base=BASE).dropped == {"not-chosen": 3}


@pytest.mark.parametrize(
    "written",
    [
        "url(", "\\", '"', "url('\\'", "/*", "url( ", "@font-face{src:url(a);", "src ", "@import", "type(", "format( ",
        "@font-face{", "url(a)", "image-set(", "{", "\x00", "\ud800", "🦊", "'\n",
    ],
)  # fmt: skip
def test_a_million_letters_of_anything_are_read_in_one_pass(written: str) -> None:
    """No branch of the pattern can fail after reading far, so the time grows with the text; the result is bounded."""
    needs = read_css(written * (1_000_000 // len(written)), base=BASE)
    assert len(needs.needs) <= MOST_NEEDS
