"""A JPEG encoder for pictures made of squares: baseline, one colour a block of 8 by 8 pixels (ITU T.81)."""

import struct
from collections.abc import Iterable, Sequence
from functools import cache

Colour = tuple[int, int, int]
# How many codes of each length there are: sizes 0 to 11 of DC differences (annex K.3); of AC, the end of block alone.
DC_LENGTHS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
AC_LENGTHS = bytes((1, *(0,) * 15))
DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110")
END_OF_BLOCK = "0"


def jpeg(blocks: Sequence[Sequence[Colour]], *, width: int, height: int) -> bytes:
    """Returns a JPEG of that many pixels; `blocks` are its squares' colours, row by row."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0))
    scan = bytes((3, 1, 0, 2, 0, 3, 0, 0, 63, 0))
    return (
        b"\xff\xd8"
        + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + _segment(0xDB, b"\x00" + bytes([8] * 64))
        + _segment(0xC0, frame)
        + _segment(0xC4, b"\x00" + DC_LENGTHS + bytes(range(12)) + b"\x10" + AC_LENGTHS + b"\x00")
        + _segment(0xDA, scan)
        + _coded(blocks)
        + b"\xff\xd9"
    )


def _coded(blocks: Iterable[Iterable[Colour]]) -> bytes:
    bits = []
    last = [0, 0, 0]
    for colour in (colour for row in blocks for colour in row):
        for i, level in enumerate(_levels(colour)):
            bits.append(_difference(level - last[i]) + END_OF_BLOCK)
            last[i] = level
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


@cache
def _levels(colour: Colour) -> tuple[int, int, int]:
    """Returns luma and chroma around zero; with a quantiser of 8, a flat block's DC coefficient is its level itself."""
    r, g, b = colour
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    return round(luma - 128), round((b - luma) * 0.564), round((r - luma) * 0.713)


@cache
def _difference(value: int) -> str:
    size = abs(value).bit_length()
    low = value if value >= 0 else value + (1 << size) - 1
    return DC_CODES[size] + (f"{low:0{size}b}" if size else "")


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
