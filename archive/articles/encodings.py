"""Which legacy encoding bytes are in that do not say so, or say it wrongly.

As browsers do it: what the page's language is usually written in decides (WHATWG HTML, 13.2.3.2, step 9), and among
several, that in which the bytes make sense. Where the language is unknown too, the bytes are all there is to go by.
"""

import codecs
import re
from typing import Final

import charset_normalizer
from w3lib.encoding import resolve_encoding

from archive.charsets import usable

_SAMPLE: Final = 200_000
_GUESSED: Final = 20_000
_LANGUAGE = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)", re.IGNORECASE)
_MULTIBYTE: Final = {
    "ja": ("euc_jp", "cp932"),
    "zh": ("gb18030", "big5hkscs"),
    "zh-tw": ("big5hkscs", "gb18030"),
    "zh-hk": ("big5hkscs", "gb18030"),
    "ko": ("cp949",),
}
_CYRILLIC: Final = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_CENTRAL: Final = ("cp1250", "iso8859_2")
_SINGLE: Final = {
    **dict.fromkeys(("ru", "bg", "be", "mk", "sr", "kk", "ky", "mn", "tg"), _CYRILLIC),
    "uk": ("cp1251", "koi8_u", "iso8859_5"),
    **dict.fromkeys(("cs", "sk", "sl", "hr", "hu", "pl", "ro", "bs", "sq"), _CENTRAL),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256",)),
    **dict.fromkeys(("tr", "az", "ku"), ("cp1254",)),
    "he": ("cp1255",),
    "el": ("cp1253", "iso8859_7"),
    "th": ("cp874",),
    "vi": ("cp1258",),
    **dict.fromkeys(("de", "fr", "es", "pt", "it", "nl", "ca", "gl", "eu", "en", "ga", "cy"), ("cp1252",)),
    **dict.fromkeys(("sv", "da", "nb", "nn", "no", "fi", "is"), ("cp1252",)),
}  # fmt: skip


def is_not(page: bytes, *, encoding: str) -> bool:
    """Tell whether bytes are surely not UTF-8, although they say so: more of them are broken than make characters.

    A page that is cut off, or has a broken byte somewhere, is UTF-8 all the same.
    """
    if encoding != "utf-8":
        return False
    sample = page[:_SAMPLE]
    read = sample.decode("utf-8", "replace")
    broken = read.count("\ufffd") - sample.count("\ufffd".encode())
    return broken > 1 and 2 * broken > sum(1 for character in read if character > "\x7f")


def detected(page: bytes) -> str:
    """Return Python's name of the encoding that bytes are in."""
    sample = page[:_SAMPLE]
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 4:
            return "utf-8"
    else:
        return "iso2022_jp" if b"\x1b$" in sample else "utf-8"
    return _by_language(sample) or _guessed(sample) or "cp1252"


def _by_language(sample: bytes) -> str | None:
    match = _LANGUAGE.search(sample[:4096])
    language = match[1].decode("ascii").lower() if match else ""
    primary = language.partition("-")[0]
    for encoding in _MULTIBYTE.get(language) or _MULTIBYTE.get(primary) or ():
        if _decodes(sample, encoding=encoding):
            return encoding
    singles = _SINGLE.get(primary, ())
    return max(singles, key=lambda encoding: _sense(sample, encoding=encoding), default=None)


def _decodes(sample: bytes, *, encoding: str) -> bool:
    """Tell whether bytes are text in an encoding, but for a character that is cut off at the end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _sense(sample: bytes, *, encoding: str) -> int:
    """Count the small letters that bytes make in an encoding, less the signs that hardly occur in running text."""
    read = sample[:_GUESSED].decode(encoding, "replace")
    foreign = [character for character in read if character > "\x7f"]
    letters = sum(
        1 for character in foreign if character.islower() or (character.isalpha() and not character.isupper())
    )
    odd = sum(1 for character in foreign if not character.isalpha() and character not in "„“”‚‘’«»–—…\xa0№§°€·×")
    return letters - 2 * odd


def _guessed(sample: bytes) -> str | None:
    guess = charset_normalizer.from_bytes(sample[:_GUESSED]).best()
    return usable(resolve_encoding(guess.encoding)) if guess else None
