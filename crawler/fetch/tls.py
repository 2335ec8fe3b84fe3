"""Whom TLS trusts; and its versions and cipher suites, named as WARC-Protocol and WARC-Cipher-Suite have them.

Python tells OpenSSL's names; the proposals want lower-case versions ("tls/1.3") and IANA's suite names. From TLS 1.3 on
both are the same.
"""

import re
import ssl
from typing import Final

import certifi

_VERSION = re.compile(r"(TLS|SSL)v?(\d(?:\.\d)?)")
_SUITE = re.compile(r"(?:((?:ECDHE|DHE)-(?:ECDSA|RSA))-)?(AES128|AES256|CHACHA20)(?:-(GCM|POLY1305))?(?:-(SHA\d*))?")
_CIPHERS: Final = {
    ("AES128", "GCM"): "AES_128_GCM",
    ("AES256", "GCM"): "AES_256_GCM",
    ("AES128", None): "AES_128_CBC",
    ("AES256", None): "AES_256_CBC",
    ("CHACHA20", "POLY1305"): "CHACHA20_POLY1305",
}


def trust_public_roots(context: ssl.SSLContext) -> None:
    """Lets a context that verifies trust what browsers trust, beside what this machine trusts.

    Slim machines have no certificates of their own, and every server would look like an impostor.
    """
    if context.verify_mode is not ssl.CERT_NONE:
        context.load_verify_locations(certifi.where())


def verifying() -> ssl.SSLContext:
    """Returns a context that trusts this machine's roots and the public ones."""
    context = ssl.create_default_context()
    trust_public_roots(context)
    return context


def protocol(version: str | None) -> str | None:
    """Returns "tls/1.3" for "TLSv1.3"; None for what is unknown."""
    found = _VERSION.fullmatch(version or "")
    if found is None:
        return None
    number = found[2] if "." in found[2] or found[1] == "SSL" else f"{found[2]}.0"
    return f"{found[1].lower()}/{number}"


def cipher_suite(cipher: tuple[str, str, int] | None) -> str | None:
    """Returns IANA's name of the suite that `SSLObject.cipher()` tells; OpenSSL's own where it has no rule here."""
    if cipher is None:
        return None
    found = _SUITE.fullmatch(cipher[0])
    bulk = _CIPHERS.get((found[2], found[3])) if found else None
    if found is None or bulk is None:
        return cipher[0]
    exchange = (found[1] or "RSA").replace("-", "_")
    return f"TLS_{exchange}_WITH_{bulk}_{found[4] or 'SHA256'}"
