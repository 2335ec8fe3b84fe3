"""Where redirects lead, and what becomes of the URLs that have them: the other table behind `test_records`."""

from dataclasses import dataclass
from typing import Any

from tests.crawler.fetch.behaviours import PAGE, sized
from tests.crawler.fetch.wire_server import Script


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """`leads_to` is the path of the URL followed; `times` is how often the redirecting URL itself is asked.

    %PLACE% stands for the server, %SECURE% for one with TLS, which has the landing page too.
    """

    sends: Script
    says: str = "captured"
    leads_to: str = "/landing"
    times: int = 1


def _to(location: bytes, status: bytes = b"302 Found", **expected: Any) -> Redirect:
    return Redirect(sends=[sized(b"", b"Location: " + location, status=b"HTTP/1.1 " + status)], **expected)


NOWHERE = "bad-redirect"

LANDING: Script = [sized(PAGE, b"Content-Type: text/html")]
REDIRECTS = {
    "relative": _to(b"landing"),
    "rooted": _to(b"/landing"),
    "permanent": _to(b"/landing", b"308 Permanent Redirect"),
    "with a query and a fragment": _to(b"/landing?a=b#c", leads_to="/landing?a=b"),
    "around the corner": _to(b"/nothing/../landing"),
    "with blanks around": _to(b"  \t/landing \t"),
    "with a blank inside": _to(b"/landing?a b", leads_to="/landing?a%20b"),
    "non-ASCII in UTF-8": _to("/landing?q=grün".encode(), leads_to="/landing?q=gr%C3%BCn"),
    "non-ASCII in Latin-1": _to(b"/landing?q=gr\xfcn", leads_to="/landing?q=gr%FCn"),
    "bytes that are no text": _to(b"/landing?q=\xff\xfe\x80", leads_to="/landing?q=%FF%FE%80"),
    "control characters": _to(b"/landing?q=\x07\x1b[31m\x7f", leads_to="/landing?q=%07%1B%5B31m%7F"),
    "a right-to-left mark": _to("/landing?q=\u202egnp.exe".encode(), leads_to="/landing?q=%E2%80%AEgnp.exe"),
    "encoded line ends": _to(b"/landing?q=%0d%0aSet-Cookie:%20x=1", leads_to="/landing?q=%0d%0aSet-Cookie:%20x=1"),
    "encoded NUL": _to(b"/landing?q=%00", leads_to="/landing?q=%00"),
    "encoded surrogates": _to(b"/landing?q=%ED%A0%80", leads_to="/landing?q=%ED%A0%80"),
    "Location twice": Redirect(sends=[sized(b"", b"Location: /landing", b"Location: /elsewhere",
                                            status=b"HTTP/1.1 302 Found")], says="http-404"),
    "to itself": _to(b"/to-itself", says="too-many-redirects", times=6),
    "in a circle": _to(b"/in-the-circle", says="too-many-redirects", times=3 + 3),
    "in the circle": _to(b"/in-a-circle", says="too-many-redirects", times=3 + 3),
    "nowhere": Redirect(sends=[sized(b"", status=b"HTTP/1.1 301 Moved")], says=NOWHERE),
    "to nothing": _to(b"", says=NOWHERE),
    "to a script": _to(b"javascript:alert(1)", says=NOWHERE),
    "to data": _to(b"data:text/html,<p>hello", says=NOWHERE),
    "to a file": _to(b"file:///etc/passwd", says=NOWHERE),
    "to ftp": _to(b"ftp://127.0.0.1/", says=NOWHERE),
    "protocol-relative": _to(b"//%PLACE%/landing"),
    "absolute": _to(b"http://%PLACE%/landing"),
    "with a user and a password": _to(b"http://reader:s3cret-pass@%PLACE%/landing"),
    "to another scheme": _to(b"https://%SECURE%/landing"),
    "to another scheme and back": _to(b"https://%SECURE%/back"),
    "to a broken host": _to(b"http://[::1/", says=NOWHERE),
    "to a port that is none": _to(b"http://127.0.0.1:99999/", says=NOWHERE),
    "to a host with a NUL": _to(b"http://127.0.0.1%00.evil.example/", says=NOWHERE),
    "to a host of 300 letters": _to(b"http://" + b"a" * 300 + b".example/", says=NOWHERE),
    "to 100 kB": _to(b"/landing?" + b"y" * 100_000, says=NOWHERE),
    "inward": _to(b"http://127.0.0.1:1/", says="private-address"),
    "inward in decimal": _to(b"http://2130706433:1/", says="private-address"),
    "inward in octal": _to(b"http://0177.0.0.1:1/", says="private-address"),
    "inward in hex": _to(b"http://0x7f.1:1/", says="private-address"),
    "inward by zero": _to(b"http://0:1/", says="private-address"),
    "inward in IPv6": _to(b"http://[::1]:1/", says="private-address"),
    "inward, mapped": _to(b"http://[::ffff:127.0.0.1]:1/", says="private-address"),
    "inward through NAT64": _to(b"http://[64:ff9b::7f00:1]:1/", says="private-address"),
    "to the metadata": _to(b"http://169.254.169.254/latest/meta-data/", says="private-address"),
    "to the metadata, mapped": _to(b"http://[::ffff:a9fe:a9fe]/", says="private-address"),
    "to the metadata in IPv6": _to(b"http://[fd00:ec2::254]/", says="private-address"),
    "to a carrier's network": _to(b"http://100.64.0.1/", says="private-address"),
}  # fmt: skip
