"""Pictures for articles, drawn and encoded here: a landscape whose hills and sky depend on the article's number."""

import base64
import math
import struct
import zlib
from functools import lru_cache
from random import Random

Colour = tuple[int, int, int]
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")


@lru_cache(maxsize=256)
def picture(number: int, *, width: int, form: str) -> bytes:
    """Returns a picture 16 to 9 in the form asked for; WebP is a single pixel."""
    if form == "svg":
        return svg(number, width=width)
    if form == "webp":
        return WEBP
    return png(number, width=width)


def png(number: int, *, width: int) -> bytes:
    """Returns an RGB PNG."""
    height = max(1, width * 9 // 16)
    sky, far, near, sun = _palette(number)
    tops = [[_hill(number, x / width, level=level) for x in range(width)] for level in (0, 1)]
    rows = bytearray()
    for y in range(height):
        v = y / height
        shade = tuple(min(255, int(c + 60 * v)) for c in sky)
        row = bytearray(bytes(shade) * width)
        for tops_of, colour in zip(tops, (far, near), strict=True):
            for x in range(width):
                if v > tops_of[x]:
                    row[3 * x : 3 * x + 3] = bytes(colour)
        _sun(row, y=y, width=width, height=height, number=number, colour=sun)
        rows += b"\x00" + row
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _part(b"IHDR", head)
        + _part(b"IDAT", zlib.compress(bytes(rows), 6))
        + _part(b"IEND", b"")
    )


def svg(number: int, *, width: int) -> bytes:
    """Returns the same landscape as SVG."""
    height = width * 9 // 16
    sky, far, near, sun = (f"rgb({r},{g},{b})" for r, g, b in _palette(number))
    hills = "".join(
        f'<polygon fill="{colour}" points="0,{height} '
        + " ".join(f"{i * width / 32:.0f},{_hill(number, i / 32, level=level) * height:.0f}" for i in range(33))
        + f' {width},{height}"/>'
        for level, colour in ((0, far), (1, near))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="{sky}"/><circle cx="{width * 0.7:.0f}" cy="{height * 0.25:.0f}" '
        f'r="{height * 0.1:.0f}" fill="{sun}"/>{hills}</svg>'
    ).encode()


def _palette(number: int) -> tuple[Colour, Colour, Colour, Colour]:
    rng = Random(number)
    hue = rng.choice(((120, 160, 200), (190, 150, 130), (90, 120, 150), (170, 180, 190), (150, 130, 170)))
    far = (hue[0] * 2 // 3, hue[1] * 2 // 3, hue[2] * 2 // 3)
    near = rng.choice(((50, 80, 60), (70, 70, 50), (40, 60, 80), (80, 60, 60)))
    return hue, far, near, (250, 230, 190)


def _hill(number: int, x: float, *, level: int) -> float:
    waves = 2.0 + number % 3 + level
    return 0.52 + 0.2 * level - 0.09 * math.sin(waves * math.pi * x + number) - 0.04 * math.sin(5.3 * waves * x + level)


def _sun(row: bytearray, *, y: int, width: int, height: int, number: int, colour: Colour) -> None:
    radius, cx, cy = height * 0.1, width * (0.2 + 0.6 * (number % 7) / 7), height * 0.25
    if abs(y - cy) < radius:
        half = math.sqrt(radius**2 - (y - cy) ** 2)
        start, end = max(0, int(cx - half)), min(width, int(cx + half))
        row[3 * start : 3 * end] = bytes(colour) * (end - start)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
