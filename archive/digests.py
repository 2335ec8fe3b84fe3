"""Digests as WARC fields and index lines carry them."""

from hashlib import sha256


def digest(*parts: bytes) -> str:
    """Returns the sha256 of the parts, one behind the other: "sha256:" and lower-case hexadecimal digits."""
    hashed = sha256()
    for part in parts:
        hashed.update(part)
    return f"sha256:{hashed.hexdigest()}"
