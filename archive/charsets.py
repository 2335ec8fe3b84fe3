"""Which charsets a page may name: those that are text on the web, out of all that Python can decode."""

import codecs
from typing import Final

_NEVER: Final = frozenset(
    {"idna", "punycode", "utf-7", "unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape"}
    | {"undefined", "mbcs", "oem"}
)


def usable(name: str | None) -> str | None:
    """Returns Python's name of a charset, None for one that no browser knows.

    Quirk: Python also decodes `punycode` (in time that grows with the square of the length), `idna` (which raises even
    when asked to replace), and `utf-7` and escapes, in which a page could say what nobody sees.
    """
    if not name:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)  # base64, rot13 and their like are none
    return found.name if is_text and found.name not in _NEVER else None
