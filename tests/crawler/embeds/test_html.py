"""What pages need, read without a browser."""

# ruff: noqa: E501  a table is read by its rows

import random

import pytest

from crawler.embeds.html import read_html
from crawler.embeds.needs import MOST_NEEDS

URL = "https://news.example/2026/story.html"
FOLDER = "https://news.example/2026/"


def needs(body: str, *, kinds: bool = False) -> list[str]:
    found = read_html(body.encode(), url=URL).needs
    return [
        f"{need.kind} {need.url.removeprefix(FOLDER)}" if kinds else need.url.removeprefix(FOLDER) for need in found
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<link rel=stylesheet href=a.css>", ["stylesheet a.css"]),
        ("<link rel='alternate StyleSheet' media=print href='a.css' onload=x>", ["stylesheet a.css"]),
        ("<style>@import 'a.css'; p{background:url(b.png)}</style>", ["stylesheet a.css", "image b.png"]),
        ("<p style=\"background:url('b.png')\">", ["image b.png"]),
        ("<p style='background:url(&quot;b.png&quot;)'>", ["image b.png"]),
        ("<script src=a.js></script><script type=module src=m.js></script>", ["script a.js", "module m.js"]),
        ("<script nomodule src=old.js></script><script type='text/plain' src=ad.js></script>", []),
        ("<script>var x = '<img src=no.png>'</script><!-- <img src=no.png> -->", []),
        ("<link rel=modulepreload href=m.js><link rel=preload as=font href=f.woff2 crossorigin>", ["module m.js", "font f.woff2"]),
        ("<link rel=prefetch as=script href=p.js><link rel=prefetch href=next.html>", ["script p.js"]),
        ("<link rel=preload as=image imagesrcset='a.jpg 1x, b.jpg 2x, c.jpg 3x'>", ["image a.jpg", "image b.jpg"]),
        ("<link rel='shortcut icon' href=a.ico><link rel=apple-touch-icon href=b.png>", ["image a.ico", "image b.png"]),
        ("<link rel=mask-icon href=m.svg><link rel=manifest href=m.json>", ["image m.svg", "manifest m.json"]),
        ("<link rel=canonical href=c><link rel=alternate href=d><link rel=dns-prefetch href=//e><link href=f>", []),
        ("<img src=a.png><IMG SRC='b.png' loading=lazy>", ["image a.png", "image b.png"]),
        ("<img src='data:image/gif;base64,R0lGOD' data-src=a.png>", ["image a.png"]),
        ("<img data-lazy-src=a.png data-original=b.png data-srcset='c.png 1x, d.png 2x'>", ["image a.png", "image b.png", "image c.png", "image d.png"]),
        ("<noscript><img src=a.png></noscript>", ["image a.png"]),
        ("<head><noscript><link rel=stylesheet href=a.css></noscript>", ["stylesheet a.css"]),
        ("<img src=s.jpg srcset='m.jpg 800w, l.jpg 1600w, x.jpg 9000w' sizes='700px'>", ["image s.jpg", "image m.jpg", "image l.jpg"]),
        ("<div data-bg=a.png></div><div data-bg='url(b.png)'></div><div data-background-image=/c.png data-bg='#fff'></div>", ["image a.png", "image b.png", "image https://news.example/c.png"]),
        ("<video src=v.mp4 poster=p.jpg></video>", ["image p.jpg", "media v.mp4"]),
        ("<video><source src=v.webm type=video/webm><source src=v.mp4><track src=t.vtt></video>", ["media v.webm", "track t.vtt"]),
        ("<audio><source src=a.mp3></audio>", ["media a.mp3"]),
        ("<svg><use xlink:href='s.svg#i'/><use href='#own'/><image href=i.png /></svg>", ["image s.svg", "image i.png"]),
        ("<input type=IMAGE src=a.png><input src=no.png>", ["image a.png"]),
        ("<object data=a.pdf></object><embed src=b.swf>", ["other a.pdf", "other b.swf"]),
        ("<body background=a.png><table background=b.png><td background=c.png>", ["image a.png", "image b.png", "image c.png"]),
        ("<img src='a.png?x=1&amp;y=2'>", ["image a.png?x=1&y=2"]),
        ("<img src=' a&#32;b.png\n'>", ["image a%20b.png"]),
        ("<base href='//cdn.example/x/'><img src=a.png>", ["image https://cdn.example/x/a.png"]),
        ("<base target=_blank><base href='javascript:x'><img src=a.png>", ["image a.png"]),
        ("<amp-img src=a.png srcset='b.png 2x'></amp-img>", ["image a.png", "image b.png"]),
        ("<img src=''><img src='#'><img src='story.html'><img src='blob:x'>", []),
        ("<template><img src=no.png></template>", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_page_is_read_for_what_it_needs(body: str, found: list[str]) -> None:
    """Each kind of element, also as lazy-loading scripts and old browsers have it."""
    assert needs(body, kinds=True) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<source srcset='a.avif' type='image/avif'><img src=a.jpg>", ["a.avif", "a.jpg"]),
        ("<source srcset='a.jxl' type='image/jxl'><source srcset=b.webp type=image/webp><img src=a.jpg>", ["b.webp", "a.jpg"]),
        ("<source media='(max-width: 600px)' srcset=phone.jpg><source media='(min-width: 601px)' srcset=desk.jpg><img src=a.jpg>", ["phone.jpg", "desk.jpg", "a.jpg"]),
        ("<source media='(min-width: 4000px)' srcset=wall.jpg><img src=a.jpg srcset='b.jpg 2x'>", ["b.jpg", "a.jpg"]),
        ("<source media='(color-gamut: p3)' srcset=vivid.jpg><source srcset=plain.jpg><img src=a.jpg>", ["vivid.jpg", "plain.jpg", "a.jpg"]),
        ("<source data-srcset='a.webp 1x' type=image/webp><img class=lazy data-src=b.jpg>", ["a.webp", "b.jpg"]),
        ("<source media='(min-width: 1000px) and (min-resolution: 2dppx)' srcset=sharp.jpg><img src=a.jpg>", ["sharp.jpg", "a.jpg"]),
    ],
)  # fmt: skip
def test_of_a_picture_the_sources_are_kept_that_a_browser_takes(body: str, found: list[str]) -> None:
    """The first source that holds on each screen, doubtful ones too, and the plain image for scripts and feeds."""
    assert needs(f"<picture>{body}</picture>") == found


def test_frames_are_told_apart() -> None:
    """A document within the page is a page of its own."""
    found = read_html(
        b"<iframe src=/map></iframe><iframe data-src=//v.example/1></iframe><iframe srcdoc='<img>'>", url=URL
    )
    assert found.frames == ("https://news.example/map", "https://v.example/1")
    assert found.needs == ()


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<meta charset=utf-8><img src=ä.png>".encode(), None),
        ("<img src=ä.png>".encode(), None),
        ("<meta charset='iso-8859-1'><img src=ä.png>".encode("latin-1"), None),
        ("<img src=ä.png>".encode("latin-1"), "iso-8859-1"),
        ("<meta charset=utf-8><img src=ä.png>".encode("latin-1"), "windows-1252"),
        ("<meta charset=unknown-8><img src=ä.png>".encode(), "nonsense"),
    ],
)
def test_letters_beyond_ascii_are_read_in_the_charset_of_the_page(body: bytes, charset: str | None) -> None:
    """The header's charset goes first, then the page's own."""
    assert [need.url for need in read_html(body, url=URL, charset=charset).needs] == [f"{FOLDER}%C3%A4.png"]


@pytest.mark.parametrize(
    "piece",
    [
        "<div>", "<img src=a>", "<img ", "<a b=c ", "<link rel='icon icon' href=a>", "<picture><source srcset='a 1x'>",
        "<p style='a:url(b)'>", "<base href=x>", "<meta charset=", "<svg><use href=a>", "<video><source src=a>", "<",
        "<img srcset='a 1x,", "a 1x(", "<!--", "<style>", "<table>", "<noscript>", "\x00", "🦊", "&amp", "<script src=a>",
    ],
)  # fmt: skip
def test_a_million_bytes_of_anything_give_a_bounded_list(piece: str) -> None:
    """Nesting, attributes and elements are cut before the parser or we take time that grows with their square."""
    found = read_html((piece * (1_000_000 // len(piece.encode()))).encode(), url=URL)
    assert len(found.needs) <= MOST_NEEDS


@pytest.mark.parametrize("seed", range(3))
def test_garbage_is_no_page(seed: int) -> None:
    """A million random bytes, and random pieces of markup, are read without an exception."""
    rng = random.Random(seed)
    read_html(rng.randbytes(1_000_000), url=URL, charset=rng.choice(["utf-8", "utf-16", "shift_jis", "idna", "zip"]))
    letters = "<>/='\" \nimgsrcsethrefstyleurl(){}@:;,&#x0"
    found = read_html("".join(rng.choices(letters, k=1_000_000)).encode(), url=URL)
    assert len(found.needs) <= MOST_NEEDS


def test_thousands_of_images_are_bounded_and_counted() -> None:
    """The first so many are listed, the others are counted."""
    found = read_html("".join(f"<img src={number}.png>" for number in range(3000)).encode(), url=URL)
    assert (len(found.needs), found.dropped) == (MOST_NEEDS, {"too-many": 3000 - MOST_NEEDS})
