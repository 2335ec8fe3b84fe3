"""What a page looks like, live or replayed, and how much two looks differ."""

from io import BytesIO

from PIL import Image, ImageChops
from playwright.sync_api import Frame

from tests.replay.chromium import HEIGHT, WIDTH

_MOST_SCREENS = 6
_SETTLED = """async () => {
    for (const image of document.images) image.loading = "eager";
    await document.fonts.ready;
    const drawn = [...document.images].map(image => image.decode().catch(() => null));
    await Promise.race([Promise.all(drawn), new Promise(resolve => setTimeout(resolve, 10000))]);
    return document.documentElement.scrollHeight;
}"""
_SCROLLED = """async top => {
    scrollTo({top, behavior: "instant"});
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}"""


def screens(frame: Frame) -> list[bytes]:
    """Screenshots (PNG) of a frame from its top to its end, a window at a time, as soon as fonts and images are there.

    A frame inside a page is made as large as the window is for a page of its own.
    """
    page = frame.page
    inner, window = frame.evaluate("[innerWidth, innerHeight]"), page.viewport_size
    assert window is not None
    if inner != [WIDTH, HEIGHT]:  # the tool has bars of its own
        page.set_viewport_size(
            {"width": window["width"] + WIDTH - inner[0], "height": window["height"] + HEIGHT - inner[1]}
        )
    assert frame.evaluate("[innerWidth, innerHeight]") == [WIDTH, HEIGHT]
    frame.wait_for_load_state("load")
    height = frame.evaluate(_SETTLED)
    shots = []
    for top in range(0, min(height, HEIGHT * _MOST_SCREENS), HEIGHT):
        frame.evaluate(_SCROLLED, top)
        shots.append(page.screenshot(clip=_place(frame), animations="disabled", caret="hide"))
    return shots


def difference(one: list[bytes], other: list[bytes]) -> float:
    """The share of pixels that are not exactly the same; 1 where the pages are of different heights."""
    if len(one) != len(other):
        return 1.0
    pairs = [(_pixels(ours), _pixels(theirs)) for ours, theirs in zip(one, other, strict=True)]
    return sum(_differing(*pair) for pair in pairs) / sum(ours.width * ours.height for ours, _ in pairs)


def _place(frame: Frame) -> dict[str, float]:
    """Where in the window the frame's content is seen."""
    if frame.parent_frame is None:
        return {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}
    place = "one => { const box = one.getBoundingClientRect(); return [box.x + one.clientLeft, box.y + one.clientTop] }"
    x, y = frame.frame_element().evaluate(place)
    return {"x": x, "y": y, "width": WIDTH, "height": HEIGHT}


def _pixels(shot: bytes) -> Image.Image:
    return Image.open(BytesIO(shot)).convert("RGB")


def _differing(one: Image.Image, other: Image.Image) -> int:
    red, green, blue = ImageChops.difference(one, other).split()
    return one.width * one.height - ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()[0]
