"""Pictures for articles, drawn and encoded here: a landscape whose hills and sky depend on the article's number."""

import base64
import math
import struct
import zlib
from functools import lru_cache
from random import Random

from tests.newsroom.jpeg import jpeg

Colour = tuple[int, int, int]
SHADES = 16
SUN, FAR, NEAR = SHADES, SHADES + 1, SHADES + 2
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")


@lru_cache(maxsize=4096)
def picture(number: int, *, width: int, form: str) -> bytes:
    """Returns a picture 16 to 9 in the form asked for: png, jpg (coarse), svg, or webp (a single pixel)."""
    if form == "svg":
        return svg(number, width=width)
    if form == "webp":
        return WEBP
    if form == "jpg":
        blocks = landscape(number, width=(width + 7) // 8, height=(width * 9 // 16 + 7) // 8)
        colours = palette(number)
        return jpeg([[colours[i] for i in row] for row in blocks], width=width, height=width * 9 // 16)
    return png(number, width=width)


def landscape(number: int, *, width: int, height: int) -> list[bytes]:
    """Returns the rows of the picture, a byte a pixel, which counts into the palette."""
    sky = bytes(y * SHADES // height for y in range(height))
    radius, centre = height * 0.11, (width * (0.2 + 0.6 * (number % 7) / 7), height * 0.25)
    columns = []
    for x in range(width):
        column = bytearray(sky)
        across = radius**2 - (x - centre[0]) ** 2
        if across > 0:
            top, end = int(centre[1] - math.sqrt(across)), int(centre[1] + math.sqrt(across))
            column[max(0, top) : end] = bytes([SUN]) * (end - max(0, top))
        for level, colour in ((0, FAR), (1, NEAR)):
            top = int(_hill(number, x / width, level=level) * height)
            column[top:] = bytes([colour]) * (height - top)
        columns.append(column)
    return [bytes(row) for row in zip(*columns, strict=True)]


def palette(number: int) -> list[Colour]:
    """Returns the colours of a picture: the sky from top to bottom, the sun, the far hills, the near ones."""
    rng = Random(number)
    hue = rng.choice(((120, 160, 200), (190, 150, 130), (90, 120, 150), (170, 180, 190), (150, 130, 170)))
    near = rng.choice(((50, 80, 60), (70, 70, 50), (40, 60, 80), (80, 60, 60)))
    sky = [(min(255, hue[0] + 4 * i), min(255, hue[1] + 4 * i), min(255, hue[2] + 4 * i)) for i in range(SHADES)]
    return [*sky, (250, 230, 190), (hue[0] * 2 // 3, hue[1] * 2 // 3, hue[2] * 2 // 3), near]


def png(number: int, *, width: int) -> bytes:
    """Returns a PNG with a palette."""
    height = max(1, width * 9 // 16)
    rows = b"".join(b"\x00" + row for row in landscape(number, width=width, height=height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette(number))
    parts = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def svg(number: int, *, width: int) -> bytes:
    """Returns the same landscape as SVG."""
    height = width * 9 // 16
    colours = [f"rgb({r},{g},{b})" for r, g, b in palette(number)]
    hills = "".join(
        f'<polygon fill="{colours[colour]}" points="0,{height} '
        + " ".join(f"{i * width / 32:.0f},{_hill(number, i / 32, level=level) * height:.0f}" for i in range(33))
        + f' {width},{height}"/>'
        for level, colour in ((0, FAR), (1, NEAR))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="{colours[8]}"/><circle cx="{width * 0.7:.0f}" '
        f'cy="{height * 0.25:.0f}" r="{height * 0.1:.0f}" fill="{colours[SUN]}"/>{hills}</svg>'
    ).encode()


def _hill(number: int, x: float, *, level: int) -> float:
    waves = 2.0 + number % 3 + level
    return 0.52 + 0.2 * level - 0.09 * math.sin(waves * math.pi * x + number) - 0.04 * math.sin(5.3 * waves * x + level)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
