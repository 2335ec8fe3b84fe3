"""boto3's client, told how long to wait, what to leave out, and when to stop searching."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a store may take: seconds to connect, seconds without a word, tries in all."""

    connect: float
    silence: float
    tries: int


# A store that refuses is given up after seconds, one that says nothing after two minutes; jobs ask again later.
AT_WORK: Final = Patience(connect=5, silence=30, tries=4)
# Somebody sits there and wants to know whether the store is any good.
AT_A_LOOK: Final = Patience(connect=5, silence=10, tries=2)


def client(session: boto3.session.Session, *, endpoint: str | None, patience: Patience) -> "S3Client":
    """Makes a client; with an `endpoint` buckets are addressed by path."""
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        retries={"mode": "standard", "total_max_attempts": patience.tries},
        connect_timeout=patience.connect,
        read_timeout=patience.silence,
        max_pool_connections=32,
        tcp_keepalive=True,
        # The newer default adds checksum trailers that several S3-alikes refuse; every upload is read back anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # A proxy from the environment has no way to our own loopback.
        proxies={} if urlsplit(endpoint or "").hostname in _LOOPBACK else None,
    )
    region = session.region_name or ("us-east-1" if endpoint else None)
    made = session.client("s3", endpoint_url=endpoint, region_name=region, config=config)
    made.meta.events.register("needs-retry.s3.HeadBucket", _is_asked_once)
    return made


def _is_asked_once(request_dict: dict[str, Any], **_: Any) -> None:
    """Ends a search of botocore's.

    Quirk: it asks HEAD of a bucket for its region when it is redirected, and again when that is redirected, for ever.
    """
    request_dict["context"]["s3_redirect"]["redirected"] = True
