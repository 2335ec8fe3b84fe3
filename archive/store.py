"""S3, and only S3: put and prove, put if absent, get a range, list.

A `Store` is safe to use from many threads and blocks while it works; asyncio code calls it in a thread.
"""

import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError, PartialCredentialsError

from archive.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK = 1 << 20
_PUT_TRIES = 8
_BIG = TransferConfig(multipart_threshold=32 << 20, multipart_chunksize=16 << 20, max_concurrency=3)

_MISSING = {"NoSuchKey", "404"}
_WRONG_KEYS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_ADVICE = {
    "InvalidAccessKeyId": _WRONG_KEYS,
    "SignatureDoesNotMatch": _WRONG_KEYS,
    "InvalidToken": _WRONG_KEYS,
    "ExpiredToken": "the session's keys have run out; sign in again",
    "AccessDenied": "these keys may not do this there; give them read, write, list and delete",
    "403": "these keys may not do this there; check them and what they are allowed",
    "NoSuchBucket": "make the bucket, or correct [store] url",
    "404": "make the bucket, or correct [store] url",
    "PermanentRedirect": "the bucket is in another region; set AWS_DEFAULT_REGION",
    "AuthorizationHeaderMalformed": "the bucket is in another region; set AWS_DEFAULT_REGION",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "InternalError": "it fails inside; try again later, see its own log",
    "ServiceUnavailable": "it is overloaded; try again later",
    "SlowDown": "it is overloaded; try again later",
    "QuotaExceeded": "it is full; make room",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object that is in the store: its key below the prefix, its size in bytes, its sha256 in hex.

    `sha256` is None where nobody has read the object: a HEAD does not tell.
    """

    key: str
    size: int
    sha256: str | None


class Store:
    """Objects under one prefix of one bucket.

    `url` is s3://bucket or s3://bucket/prefix. Without keys the usual AWS places are asked (environment, files, roles).
    With an `endpoint` buckets are addressed by path, because few S3-alikes have a host name for each.
    """

    def __init__(
        self,
        url: str,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise StoreError(f"{url!r} is no address of a store; write it as s3://bucket/prefix")
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        self.endpoint = endpoint
        session = boto3.session.Session(
            aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region
        )
        self._patient = self._client(session, attempts=5)
        # A put that must tell whether it was the first asks again by itself.
        self._once = self._client(session, attempts=1)

    def _client(self, session: Any, *, attempts: int) -> "S3Client":
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if self.endpoint else "auto"},
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=10,
            read_timeout=60,
            max_pool_connections=32,
            tcp_keepalive=True,
            # The newer default adds CRC trailers that several S3-alikes refuse; every upload is read back anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        region = session.region_name or ("us-east-1" if self.endpoint else None)
        return cast("S3Client", session.client("s3", endpoint_url=self.endpoint, region_name=region, config=config))

    def put_file(self, key: str, path: Path) -> Stored:
        """Uploads a file and reads it back; does not upload when the very same object is there already.

        Raises StoreError when what is read back is something else.
        """
        with path.open("rb") as file:
            wanted = _digest(key, file)
        if self._same(wanted):
            return wanted
        with self._errors():
            self._patient.upload_file(str(path), self.bucket, self.prefix + key, Config=_BIG)
        return self._proved(wanted)

    def put_bytes(self, key: str, data: bytes, *, content_type: str | None = None) -> Stored:
        """Uploads bytes in one PUT and reads them back; raises StoreError when they come back as something else."""
        wanted = Stored(key=key, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        kind = content_type or "application/octet-stream"
        with self._errors():
            self._patient.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data, ContentType=kind)
        return self._proved(wanted)

    def put_new(self, key: str, data: bytes) -> bool:
        """Puts an object where there is none: True when it was put, False when something was there.

        An answer of 409 means that another such put is under way, and is asked again (RFC 9110, 13.1.2; Amazon S3,
        conditional writes). When an answer was lost, an object with our very bytes counts as ours.
        """
        unsure = False
        for attempt in range(_PUT_TRIES):
            if attempt:
                time.sleep(random.SystemRandom().uniform(0.02, min(0.1 * 2**attempt, 5.0)))
            try:
                self._once.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data, IfNoneMatch="*")
                return True
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == 412:
                    return unsure and self.get(key) == data
                if status != 409 and status < 500:
                    raise self._told(error) from error
                unsure = unsure or status >= 500
                last: Exception = error
            except HTTPClientError as error:
                unsure, last = True, error
            except BotoCoreError as error:
                raise self._told(error) from error
        raise self._told(last) from last

    def get(self, key: str) -> bytes:
        """Reads a whole object."""
        with self.open(key) as body:
            return body.read()

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Reads `length` bytes from `offset`; raises StoreError when there are fewer."""
        if length == 0:
            return b""
        span = f"bytes={offset}-{offset + length - 1}"
        with self._errors(key):
            data = self._patient.get_object(Bucket=self.bucket, Key=self.prefix + key, Range=span)["Body"].read()
        if len(data) != length:
            raise StoreError(f"{key} has {len(data)} of the {length} bytes wanted at {offset}")
        return data

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Streams an object; it is to be used in a `with` block."""
        with self._errors(key):
            body = self._patient.get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"]
            try:
                yield cast("BinaryIO", body)
            finally:
                body.close()

    def head(self, key: str) -> Stored | None:
        """Looks whether an object is there, without reading it."""
        with self._errors():
            try:
                size = self._patient.head_object(Bucket=self.bucket, Key=self.prefix + key)["ContentLength"]
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise
        return Stored(key=key, size=size, sha256=None)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Lists the keys that begin with `prefix`, sorted as S3 sorts (by their UTF-8 bytes)."""
        pages = self._patient.get_paginator("list_objects_v2")
        with self._errors():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self.prefix)

    def delete(self, key: str) -> None:
        """Deletes an object; one that is not there is no error."""
        with self._errors():
            self._patient.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def _same(self, wanted: Stored) -> bool:
        there = self.head(wanted.key)
        return there is not None and there.size == wanted.size and self._read_back(wanted.key) == wanted

    def _proved(self, wanted: Stored) -> Stored:
        found = self._read_back(wanted.key)
        if found != wanted:
            raise StoreError(
                f"{wanted.key} came back from the store with {found.size} bytes, sha256 {found.sha256}, instead of "
                f"{wanted.size}, {wanted.sha256}; the local copy is kept, try again"
            )
        return found

    def _read_back(self, key: str) -> Stored:
        with self.open(key) as body:
            return _digest(key, body)

    @contextmanager
    def _errors(self, key: str | None = None) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self._told(error, key) from error

    def _told(self, error: Exception, key: str | None = None) -> StoreError:
        """Says in one line what went wrong at S3 and what to do."""
        place = self.endpoint or "Amazon S3"
        if isinstance(error, ClientError):
            code = str(error.response.get("Error", {}).get("Code", "unknown"))
            if key is not None and code in _MISSING:
                return StoreError(f"no object {self.prefix}{key} in bucket {self.bucket} at {place}")
            advice = _ADVICE.get(code, "see the store's own log")
            return StoreError(f"{place} answers {code} for bucket {self.bucket}: {advice}")
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return StoreError(
                f"no keys for {place}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use `aws configure`"
            )
        if isinstance(error, HTTPClientError):
            return StoreError(f"cannot reach {place} ({type(error).__name__}): check [store] endpoint and the network")
        return StoreError(f"cannot use {place}: {' '.join(str(error).split())}")


def _digest(key: str, stream: IO[bytes]) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Stored(key=key, size=size, sha256=digest.hexdigest())
