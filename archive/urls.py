r"""When two URLs are the same page: the rules `id/1`, frozen for ever, and what we ask a server for.

An article's id hangs on its key, so these rules never change; a better set of rules would be `id/2`. They depend on
nothing that others may change: no URL parser, no suffix list, no IDNA table. `tests/archive/id-1-vectors.json` holds
them in place. One principle decides every doubt: **two articles must never share a key**, because the second would be
lost as a revision of the first; one article under two keys is only a duplicate, and is healed later by an alias.

The rules, each with its reason:

1.  Tabs and line breaks are taken out and surrounding white space is cut, as browsers do. Over 8,192 characters, lone
    surrogates and anything not `http://` or `https://` are refused.
2.  **Scheme and `www.` do not count.** Every key begins with `https://` and has no leading `www.`: sites moved between
    them over the years and serve the same article under all four. Other prefixes (`m.`, `amp.`) may serve other pages
    and stay; where they do not, rel=canonical says so.
3.  User names, passwords and fragments (`#!` too) are dropped: no server sees a fragment, so no capture can differ
    by one, and secrets do not belong into keys.
4.  Hosts are lower case, in punycode, without a last dot; labels are composed by NFKC, and ß stays ß. IPv6 is
    compressed. The ports 80 and 443 are dropped: they follow from the scheme, which does not count.
5.  `\` in a path reads as `/`, dot segments are resolved (also `%2e`), and slashes at the end are dropped: no site
    gives two articles that differ by these. Doubled slashes and letter case within a path stay.
6.  `;jsessionid=…` and its like leave the path, as they name a visitor.
7.  Percent-encoding: letters, digits and `-._~` are decoded; everything not allowed is encoded as UTF-8; hex digits are
    upper case; a `%` that encodes nothing becomes `%25`. Bytes stay as they are (no Unicode composition).
8.  Query: tracking parameters (a closed list of names that mean nothing else), empty pieces and exact repeats go; the
    rest is sorted by name, keeping the order of equal names, since servers read parameters by name. `a` and `a=`
    differ; an empty query is none. `ref` goes too where its value has no digit: it tells which page the reader came
    from (`ref=home`); with digits it may be an article's number.
"""

import hashlib
import ipaddress
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_LENGTH = 8192

_TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "sfmc_", "at_custom")
_TRACKING_NAMES = frozenset(
    """
    __hsfp __hssc __hstc __s __twitter_impression _branch_match_id _ga _gl _hsenc _hsmi _ke _openstat
    action_object_map action_ref_map action_type_map aspsessionid at_campaign at_emission at_link_id at_link_origin
    at_link_type at_medium at_ptr_name bxid campaign_medium campaign_source dclid dicbo ef_id elqtrack elqtrackid epik
    fb_action_ids fb_action_types fb_ref fb_source fbclid gad_campaignid gad_source gbraid gclid gclsrc guccounter
    guce_referrer guce_referrer_sig hsctatracking hss_channel igsh igshid irclickid itm_campaign itm_content itm_medium
    itm_source itm_term jsessionid li_fat_id mc_cid mc_eid mkt_tok msclkid nr_email_referer ns_campaign ns_fee
    ns_linkname ns_mchannel ns_source oly_anon_id oly_enc_id phpsessid pk_campaign pk_cid pk_content pk_keyword pk_kwd
    pk_medium pk_source rb_clickid rdt_cid s_kwcid soc_src soc_trk spm sr_share srsltid tblci ttclid twclid vero_conv
    vero_id wbraid wickedid wprov wpsrc wt_mc wtmc xtor yclid ymclid ysclid
    """.split()  # noqa: SIM905 - a list of words is read more easily than 90 quoted ones
)

_HTTP = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|aspsessionid)=[^/;]*", re.IGNORECASE)
_HEX = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/")
_QUERY_SAFE = _PATH_SAFE | frozenset(b"?")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_IGNORABLE = str.maketrans(dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"), "") | {"。": ".", "．": ".", "｡": "."})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def authority(self) -> str:
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


def canonical(url: str) -> str:
    """Return the key by which two URLs are the same page, by the frozen rules `id/1` above.

    A key is a URL for comparing, not for asking: its scheme and `www.` are not the server's. Keys of keys are equal to
    themselves. Raises ValueError on what is no http(s) URL.
    """
    parts = _split(url)
    query = "&".join(_sorted_query(parts.query))
    path = _SESSION.sub("", _encode(parts.path, safe=_PATH_SAFE))
    path = _without_dots(path).rstrip("/") or "/"
    port = "" if parts.port in _DEFAULT_PORTS.values() else f":{parts.port}"
    return f"https://{_without_www(parts.host)}{port}{path}{'?' + query if query else ''}"


def fetchable(url: str) -> str:
    """Return the URL to ask a server for.

    Fragment, user information and tracking parameters are dropped, what no request line may hold is percent-encoded,
    nothing else changes.

    Raises ValueError on what is no http(s) URL.
    """
    parts = _split(url)
    pieces = parts.query.split("&")
    kept = [piece for piece in pieces if not _is_tracking(piece)]
    query = "&".join(_escape(piece, safe=_QUERY_SAFE) for piece in kept)
    path = _escape(parts.path, safe=_PATH_SAFE) or "/"
    return f"{parts.scheme}://{parts.authority}{path}{'?' + query if query else ''}"


def article_id(site: str, key: str) -> str:
    """Return an article's id: the first 32 hex digits of sha256(site, a line feed, key)."""
    return hashlib.sha256(f"{site}\n{key}".encode()).hexdigest()[:32]


def registrable(url: str) -> str:
    """Return the politeness domain: who is behind a URL, as far as the bundled public suffix list knows.

    Private suffixes count, so that two blogs on a shared host are two sites. An IP address, `localhost` and a single
    label give `host:port`. Raises ValueError on what is no http(s) URL.
    """
    parts = _split(url)
    if "." not in parts.host or parts.host.startswith("[") or _is_ipv4(parts.host):
        return f"{parts.host}:{parts.port}"
    found = _suffixes()(parts.host)
    if not found.suffix:  # the list's rule for a top-level domain it does not know: it is a suffix
        return ".".join(parts.host.split(".")[-2:])
    return found.top_domain_under_public_suffix or parts.host


@cache
def _suffixes() -> "TLDExtract":
    import tldextract  # it brings requests along, which few commands need

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def _split(url: str) -> _Parts:
    if len(url) > MAX_LENGTH:
        message = f"the URL has more than {MAX_LENGTH} characters"
        raise ValueError(message)
    url = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(33)))))
    url = _forward_slashes(url)
    match = _HTTP.match(url)
    if match is None:
        message = f"no http(s) URL: {url[:80]!r}"
        raise ValueError(message)
    url.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    scheme = match[1].lower()
    host, port = _host_and_port(match[2].rpartition("@")[2])
    return _Parts(scheme, host, _DEFAULT_PORTS[scheme] if port is None else port, match[3], match[4] or "")


def _forward_slashes(url: str) -> str:
    end = re.search(r"[?#]", url)
    cut = end.start() if end else len(url)
    return url[:cut].replace("\\", "/") + url[cut:]


def _host_and_port(authority: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]*))?", authority)
    if match is None or not match[1]:
        message = f"no host in {authority[:80]!r}"
        raise ValueError(message)
    port = int(match[2][:6]) if match[2] else None
    if port is not None and port > 65535:
        message = f"no such port: {port}"
        raise ValueError(message)
    return (_ipv6(match[1]) if match[1].startswith("[") else _domain(match[1])), port


def _ipv6(host: str) -> str:
    """Write an IPv6 address as RFC 5952 does, but for IPv4 in IPv6, whose form differs between Python's versions."""
    address = ipaddress.IPv6Address(host[1:-1])
    if address.scope_id is not None:
        message = f"a zone is no part of a URL: {host[:80]!r}"
        raise ValueError(message)
    groups = ":".join(f"{int.from_bytes(address.packed[at : at + 2]):x}" for at in range(0, 16, 2))
    zeros = max(re.finditer(r"\b0(?::0\b)+", groups), key=lambda run: len(run[0]), default=None)
    if zeros is None:
        return f"[{groups}]"
    return f"[{groups[: zeros.start()].removesuffix(':')}::{groups[zeros.end() :].removeprefix(':')}]"


def _domain(host: str) -> str:
    if len(host) > 1000:
        message = f"the host has {len(host)} characters"
        raise ValueError(message)
    raw = _HEX.sub(lambda found: bytes([int(found[1], 16)]), host.encode())
    labels = raw.decode().translate(_IGNORABLE)
    labels = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", labels).lower()).translate(_IGNORABLE)
    ascii_host = ".".join(_label(label) for label in labels.removesuffix(".").split("."))
    if _HOST.fullmatch(ascii_host) is None or len(ascii_host) > 253:
        message = f"no host name: {host[:80]!r}"
        raise ValueError(message)
    return ascii_host


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _without_www(host: str) -> str:
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _is_ipv4(host: str) -> bool:
    return re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", host) is not None


def _without_dots(path: str) -> str:
    """Resolve dot segments as RFC 3986, section 5.2.4, does."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _encode(text: str, *, safe: frozenset[int]) -> str:
    """Give percent-encoding its one form: unreserved characters decoded, hex in upper case, the illegal encoded."""
    return "".join(_normal_octet(piece, safe=safe) for piece in _octets(text))


def _normal_octet(piece: bytes, *, safe: frozenset[int]) -> str:
    if len(piece) == 3:
        value = int(piece[1:], 16)
        return chr(value) if value in _UNRESERVED else f"%{value:02X}"
    return chr(piece[0]) if piece[0] in safe else f"%{piece[0]:02X}"


def _escape(text: str, *, safe: frozenset[int]) -> str:
    """Encode what may not stand in a URL, and leave every existing percent-encoding as it is."""
    return "".join(
        piece.decode() if len(piece) == 3 or piece[0] in safe else f"%{piece[0]:02X}" for piece in _octets(text)
    )


def _octets(text: str) -> list[bytes]:
    """Cut text into its UTF-8 bytes, each percent-encoded triple staying in one piece."""
    return re.findall(rb"%[0-9A-Fa-f]{2}|[\x00-\xff]", text.encode())


def _sorted_query(query: str) -> list[str]:
    pieces = [_encode(piece, safe=_QUERY_SAFE) for piece in query.split("&") if piece and not _is_tracking(piece)]
    return sorted(dict.fromkeys(pieces), key=lambda piece: piece.partition("=")[0])


def _is_tracking(piece: str) -> bool:
    name = _encode(piece.partition("=")[0], safe=_QUERY_SAFE).lower()
    if name == "ref":  # Quirk: some software numbers its articles by it
        return not any(character.isdigit() for character in piece)
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
