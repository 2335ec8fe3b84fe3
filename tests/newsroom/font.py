"""A TrueType font of one visible glyph, the ornament of the masthead, at U+E000 (OpenType specification 1.9)."""

import struct
from functools import lru_cache

ORNAMENT = 0xE000
EM = 1000
OUTLINE = ((500, 0), (350, 250), (0, 350), (350, 450), (500, 800), (650, 450), (1000, 350), (650, 250))


@lru_cache(maxsize=1)
def truetype() -> bytes:
    """Returns the font file."""
    glyph = _glyph()
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(),
        b"glyf": glyph,
        b"head": _head(),
        b"hhea": struct.pack(">2H3hH11hH", 1, 0, 800, 0, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", 500, 0, EM, 0),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 2, len(OUTLINE), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name(),
        b"post": struct.pack(">IIhhI4I", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    start = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, count * 16 - (16 << power))
    offset = len(start) + 16 * count
    directory, body = b"", b""
    for name, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", name, _checksum(data), offset + len(body), len(data))
        body += data + b"\x00" * (-len(data) % 4)
    font = start + directory + body
    place = font.index(b"\x5f\x0f\x3c\xf5") - 4
    return font[:place] + struct.pack(">I", (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF) + font[place + 4 :]


def _checksum(data: bytes) -> int:
    padded = data + b"\x00" * (-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded))) & 0xFFFFFFFF


def _head() -> bytes:
    return struct.pack(">4I2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, EM, 0, 0, 0, 0, EM, 800, 0, 8, 2, 0, 0)


def _glyph() -> bytes:
    deltas = [(x - px, y - py) for (x, y), (px, py) in zip(OUTLINE, ((0, 0), *OUTLINE), strict=False)]
    data = struct.pack(">5hHH", 1, 0, 0, EM, 800, len(OUTLINE) - 1, 0) + b"\x01" * len(OUTLINE)
    data += b"".join(struct.pack(">h", x) for x, _ in deltas) + b"".join(struct.pack(">h", y) for _, y in deltas)
    return data + b"\x00" * (-len(data) % 4)


def _cmap() -> bytes:
    header = struct.pack(">7H", 4, 32, 0, 4, 4, 1, 0)
    ends, starts = (ORNAMENT, 0xFFFF), (ORNAMENT, 0xFFFF)
    deltas, ranges = ((1 - ORNAMENT) & 0xFFFF, 1), (0, 0)
    table = header + struct.pack(">9H", *ends, 0, *starts, *deltas, *ranges)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


def _os2() -> bytes:
    fixed = struct.pack(">Hh3H11h", 4, 750, 400, 5, 0, *(0,) * 11)
    rest = struct.pack(
        ">4I4s3H3h2H2I2h3H", 0, 0, 0, 0, b"VLLY", 0x40, ORNAMENT, ORNAMENT, 800, 0, 0, 800, 0, 1, 0, 500, 800, 0, 32, 0
    )
    return fixed + bytes(10) + rest


def _name() -> bytes:
    texts = {1: "Valley Ornaments", 2: "Regular", 4: "Valley Ornaments", 6: "ValleyOrnaments"}
    records, strings = b"", b""
    for number, text in texts.items():
        data = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(data), len(strings))
        strings += data
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + strings
