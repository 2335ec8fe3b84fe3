"""Which encoding bytes are in: what a label means, and what is meant by none, or by a wrong one.

As browsers do it: labels as the WHATWG lists them; without one, what the page's language is usually written in decides
(WHATWG HTML, 13.2.3.2, step 9), and among several, that in which the bytes make sense. Where the language is unknown
too, the bytes are all there is to go by.
"""

import codecs
import re
from typing import Final

import charset_normalizer
from w3lib.encoding import html_body_declared_encoding, resolve_encoding

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

_ALIEN: Final = dict.fromkeys(("cs", "sk", "sl", "hr"), "ą")  # š of ISO 8859-2, read as windows-1250
_LABELS: Final = {
    label: encoding
    for encoding, labels in {
        "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
        "iso8859-2": "iso88592", "iso8859-3": "iso88593", "iso8859-4": "iso88594", "iso8859-5": "iso88595",
        "iso8859-6": "csiso88596e csiso88596i iso-8859-6-e iso-8859-6-i iso88596",
        "iso8859-7": "iso88597 sun_eu_greek",
        "iso8859-8": "csiso88598e iso-8859-8-e iso88598 visual csiso88598i iso-8859-8-i logical",
        "iso8859-13": "iso885913", "iso8859-14": "iso885914", "iso8859-15": "csisolatin9 iso885915",
        "koi8-r": "koi koi8", "koi8-u": "koi8-ru", "cp874": "dos-874 iso885911",
        "mac-roman": "csmacintosh mac x-mac-roman", "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "cp1250": "x-cp1250", "cp1251": "x-cp1251", "cp1252": "ansi_x3.4-1968 iso88591 x-cp1252",
        "cp1253": "x-cp1253", "cp1254": "iso88599 x-cp1254", "cp1255": "x-cp1255", "cp1256": "x-cp1256",
        "cp1257": "x-cp1257", "cp1258": "x-cp1258", "gb18030": "csgb2312 gb_2312 x-gbk",
        "big5hkscs": "cn-big5 x-x-big5", "euc_jp": "cseucpkdfmtjapanese x-euc-jp",
        "cp949": "cseuckr csksc56011987 iso-ir-149 ks_c_5601-1989 ksc_5601 windows-949",
    }.items()
    for label in labels.split()
}  # fmt: skip
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';/>]{1,60})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,500}", re.IGNORECASE)
_PRESCAN: Final = 4096  # the standard says 1,024; pages declare it later too, and browsers then begin again


def named(label: str | None) -> str | None:
    """Return Python's name of the encoding that a label means (WHATWG Encoding, 4.2); None for one that means none."""
    if not label:
        return None
    label = label.strip().lower()
    return _LABELS.get(label) or usable(resolve_encoding(label))


def of_content_type(value: str | None) -> str | None:
    """Return the encoding that a Content-Type names."""
    match = _CHARSET.search(value or "")
    return named(match[1]) if match else None


def of_page(page: bytes) -> str | None:
    """Return the encoding that a page declares, in a meta element or in an XML declaration."""
    for meta in _META.findall(page[:_PRESCAN]):
        match = _CHARSET.search(meta.decode("latin-1"))
        found = named(match[1]) if match else None
        if found:
            return found
    return usable(html_body_declared_encoding(page))


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
    return max(singles, key=lambda encoding: _sense(sample, encoding=encoding, language=primary), default=None)


def _decodes(sample: bytes, *, encoding: str) -> bool:
    """Tell whether bytes are text in an encoding, but for a character that is cut off at the end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _sense(sample: bytes, *, encoding: str, language: str) -> int:
    """Count the small letters that bytes make in an encoding, less the signs that hardly occur in running text."""
    read = sample[:_GUESSED].decode(encoding, "replace")
    foreign = [character for character in read if character > "\x7f"]
    letters = sum(
        1 for character in foreign if character.islower() or (character.isalpha() and not character.isupper())
    )
    alien = sum(1 for character in foreign if character in _ALIEN.get(language, ""))
    odd = alien + sum(
        1 for character in foreign if not character.isalpha() and character not in "„“”‚‘’«»–—…\xa0№§°€·×"
    )
    return letters - 2 * odd


def _guessed(sample: bytes) -> str | None:
    guess = charset_normalizer.from_bytes(sample[:_GUESSED]).best()
    return usable(resolve_encoding(guess.encoding)) if guess else None
