"""What an answer says of its body, and the body without its codings."""

from typing import Final

from isal import isal_zlib
from scrapy.http import Response

from archive import cdxj
from archive.contentcoding import Bounds, decode

LARGEST: Final = 4 * 2**20  # bytes of a body that are read, decoded
_GZIP = 31  # zlib's window bits for a gzip member


def mime_of(response: Response) -> str:
    """The media type of an answer, in lower case; empty when it names none."""
    return cdxj.mime((response.headers.get("Content-Type") or b"").decode("latin-1")).lower()


def charset_of(response: Response) -> str | None:
    """The charset an answer declares; None when it declares none."""
    _, found, charset = (response.headers.get("Content-Type") or b"").decode("latin-1").lower().partition("charset=")
    return charset.partition(";")[0].strip(" \"'") or None if found else None


def decoded(response: Response) -> bytes:
    """The body of an answer with its content codings undone, as far as it is read."""
    codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    encodings = tuple(name.strip() for name in codings.split(",") if name.strip())
    if encodings == ("gzip",) and (whole := _gunzipped(response.body)) is not None:
        return whole
    return decode(response.body, encodings=encodings, bounds=Bounds(size=LARGEST)).data


def _gunzipped(body: bytes) -> bytes | None:
    """A gzip body at once, which takes half the time; None where it is large, or not quite what it says."""
    stream = isal_zlib.decompressobj(wbits=_GZIP)
    try:
        data = stream.decompress(body, LARGEST)
    except isal_zlib.error:  # type: ignore[misc]  # the stub calls the class an instance
        return None
    return data if stream.eof and not stream.unused_data else None
