"""S3, and only S3: put and prove, put if absent, get a range, list.

A `Store` is safe to use from many threads and blocks while it works; asyncio code calls it in a thread. What goes wrong
is a `StoreError` of one line (`archive.storeerrors` finds the words); no key is ever in one.
"""

import copy
import hashlib
import io
import logging
import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import ProgressCallbackInvoker, TransferConfig, create_transfer_manager
from botocore.exceptions import ClientError

from archive.errors import StoreError
from archive.s3client import AT_A_LOOK, AT_WORK, Patience, client
from archive.storebody import Body
from archive.storeerrors import FAILURES, Cut, Place, status_of, told, was_repeated
from archive.traffic import Traffic

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

_T = TypeVar("_T")
logger = logging.getLogger(__name__)

_CHUNK = 1 << 20
_TRIES = 6
_TRIES_TO_READ = 3
_PARTS = TransferConfig(multipart_threshold=32 << 20, multipart_chunksize=16 << 20, max_concurrency=3)
_OTHERS_STAND = {404, 409, 412}  # a condition is not met, or another put is under way
_UNKNOWN = 501
_MAY_NOT = {403, 405, 501}  # a store that does not let us, or does not know how


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object that is in the store: its key below the prefix, its size in bytes, its sha256 in lower-case hex.

    `sha256` is empty where nobody has read the object: a HEAD does not tell.
    """

    key: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands at a key: `tag` is the store's own mark of these bytes (ETag), `metadata` was put beside them."""

    tag: str
    metadata: Mapping[str, str]


class Store:
    """The objects under one prefix of one bucket.

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
        self._bucket = parts.netloc
        self._prefix = f"{parts.path.strip('/')}/".removeprefix("/")
        self._place = Place(bucket=parts.netloc, endpoint=endpoint)
        self.traffic = Traffic()
        with self._told():
            self._session = boto3.session.Session(
                aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region
            )
            self._client = client(self._session, endpoint=endpoint, patience=AT_WORK)

    def put_file(self, key: str, path: Path) -> Stored:
        """Uploads a file and reads it back; uploads nothing when the very same object is there already.

        Raises StoreError when what comes back is something else.
        """
        with path.open("rb") as file:
            wanted = measured(file, key=key)
        if self._has(wanted):
            return wanted
        if wanted.size >= _PARTS.multipart_threshold:
            self.abort_uploads(key)
        # By its name: of an open file every part would be read into memory.
        with self._told(), create_transfer_manager(self._client, _PARTS) as transfers:
            watched = [ProgressCallbackInvoker(self.traffic.passed)]
            transfers.upload(str(path), self._bucket, self._prefix + key, subscribers=watched).result()
        return self._prove(wanted)

    def put_bytes(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] = MappingProxyType({}),
    ) -> Stored:
        """Uploads bytes in one PUT and reads them back; raises StoreError when something else comes back.

        `metadata` (ASCII) stands beside the bytes.
        """
        with self._told():
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + key,
                Body=data,
                ContentType=content_type,
                Metadata=dict(metadata),
            )
        return self._prove(measured(io.BytesIO(data), key=key))

    def put_new(self, key: str, data: bytes) -> bool:
        """Puts an object where there is none: True when it was put, False when something was there (If-None-Match: *).

        409 means that another such put is under way; it is asked again (RFC 9110, 15.5.10; Amazon S3, conditional
        writes). botocore repeats a put whose answer was lost and then meets its own object: one of our very bytes,
        after a repetition, is ours. What was put is read back; raises StoreError when it is not there as it was.
        """
        for attempt in range(_TRIES):
            _pause(attempt)
            try:
                with self.traffic.request():
                    self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data, IfNoneMatch="*")
            except FAILURES as error:
                if status_of(error) == 412:
                    return was_repeated(error) and self.get(key) == data
                if status_of(error) != 409 or attempt == _TRIES - 1:
                    raise told(error, place=self._place) from error
            else:
                return self._made(measured(io.BytesIO(data), key=key), data)
        raise AssertionError("the last try returns or raises")

    def put_over(
        self,
        key: str,
        data: bytes,
        *,
        over: Standing | None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] = MappingProxyType({}),
    ) -> bool:
        """Puts an object in place of just what was seen there (`standing`; None: nothing); False where that is gone.

        If-Match and If-None-Match (RFC 9110, 13.1). What comes back as something else was replaced meanwhile, or lost:
        False, too. A store that knows no such condition (501) takes the object without one.
        """
        condition: dict[str, Any] = {"IfMatch": over.tag} if over else {"IfNoneMatch": "*"}
        put: dict[str, Any] = {"ContentType": content_type, "Metadata": dict(metadata), "Body": data}
        try:
            with self.traffic.request():
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, **put, **condition)
        except FAILURES as error:
            if status_of(error) in _OTHERS_STAND:
                return False
            if status_of(error) != _UNKNOWN:
                raise told(error, place=self._place) from error
            with self._told():
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, **put)
        return self.stands(measured(io.BytesIO(data), key=key))

    def _made(self, wanted: Stored, data: bytes) -> bool:
        """Sees to it that an object which this process has just made is what it should be.

        The store said that nothing was there before, so one that is lost or altered is ours to put again: nobody could
        ever put a right one beside it.
        """
        if self.stands(wanted):
            return True
        logger.warning("%s was taken by %s and did not come back as it was; putting it again", wanted.key, self._place)
        self.put_bytes(wanted.key, data)
        return True

    def stands(self, wanted: Stored) -> bool:
        """Says whether an object is there with just this size and sha256, by reading all of it."""
        return self._has(wanted)

    def get(self, key: str) -> bytes:
        """Reads a whole object."""

        def read() -> bytes:
            with self.open(key) as body:
                return body.read()

        return self._patiently(read)

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Reads `length` bytes from `offset`; raises StoreError when there are fewer."""
        if length == 0:
            return b""
        span = f"bytes={offset}-{offset + length - 1}"

        def read() -> bytes:
            with self._told(key):
                return self._client.get_object(Bucket=self._bucket, Key=self._prefix + key, Range=span)["Body"].read()

        data = self._patiently(read)
        if len(data) != length:
            raise StoreError(f"{key} has {len(data)} of the {length} bytes that should be at {offset}")
        return data

    def open(self, key: str) -> BinaryIO:
        """Streams an object; close it, best by a `with` block."""
        with self._told(key):
            body = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"]
        return io.BufferedReader(Body(body, place=self._place, traffic=self.traffic), _CHUNK)

    def head(self, key: str) -> Stored | None:
        """Looks whether an object is there, without reading it."""
        found = self._seen(key)
        return Stored(key=key, size=found["ContentLength"]) if found else None

    def standing(self, key: str) -> Standing | None:
        """What stands at a key now, for `put_over`; None where there is no object."""
        found = self._seen(key)
        return Standing(tag=found["ETag"], metadata=found["Metadata"]) if found else None

    def metadata(self, key: str) -> Mapping[str, str] | None:
        """What was put beside an object; None where there is no object."""
        found = self._seen(key)
        return found["Metadata"] if found else None

    def _seen(self, key: str) -> "HeadObjectOutputTypeDef | None":
        with self._told():
            try:
                return self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)
            except ClientError as error:
                if status_of(error) == 404:
                    return None
                raise

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Lists the keys that begin with `prefix`, in the order of their UTF-8 bytes."""
        asked: dict[str, Any] = {"Bucket": self._bucket, "Prefix": self._prefix + prefix}
        while True:
            page = self._patiently(lambda: self._listed(asked))
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix)
            if not page["IsTruncated"]:
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def _listed(self, asked: dict[str, Any]) -> dict[str, Any]:
        with self._told():
            page: dict[str, Any] = dict(self._client.list_objects_v2(**asked))
        if "IsTruncated" not in page:  # an empty answer is no empty listing
            raise Cut(f"{self._place} answers a listing with none")
        return page

    def abort_uploads(self, prefix: str) -> int:
        """Drops the parts of uploads that never came to an end, of keys that begin with `prefix`; returns how many.

        Only for who alone uploads there. A store that does not let us see them is left to its own rules.
        """
        aborted = 0
        with self._told():
            try:
                for upload in self._uploads(prefix):
                    self._abort(upload)
                    aborted += 1
            except ClientError as error:
                if status_of(error) not in _MAY_NOT:
                    raise
                logger.warning("%s does not show unfinished uploads: %s", self._place, error)
        return aborted

    def _abort(self, upload: Any) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, **upload)
        except ClientError as error:
            if status_of(error) != 404:  # a store may list for a while what is over
                raise

    def _uploads(self, prefix: str) -> list[Any]:
        pages = self._client.get_paginator("list_multipart_uploads")
        found = pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
        return [{"Key": one["Key"], "UploadId": one["UploadId"]} for page in found for one in page.get("Uploads", ())]

    def delete(self, key: str) -> None:
        """Deletes an object; one that is not there is no error."""
        with self._told():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def probe(self) -> None:
        """Raises StoreError when the store cannot be used: not reached, not allowed, or not keeping `put_new`'s rule.

        Writes, reads, lists and deletes a small object of its own. One that says nothing is given up after 20 seconds.
        """
        looked_at = self._with(AT_A_LOOK)
        key = f"probe/{secrets.token_hex(8)}"
        looked_at.put_new(key, b"first")
        try:
            if looked_at.put_new(key, b"second") or looked_at.get(key) != b"first":
                raise StoreError(
                    f"{self._place} overwrites objects although asked not to (If-None-Match: *), and commits rely on "
                    "that; use a store that answers 412, such as Amazon S3, Ceph, MinIO or SeaweedFS"
                )
            if list(looked_at.keys(key)) != [key]:
                raise StoreError(f"{self._place} does not list an object that was just put; use a consistent store")
        finally:
            with suppress(StoreError):
                looked_at.delete(key)

    def _with(self, patience: Patience) -> "Store":
        """The same store, asked with other patience."""
        other = copy.copy(self)
        with self._told():
            made = client(self._session, endpoint=self._place.endpoint, patience=patience)
        other._client = made  # noqa: SLF001  one of our own kind
        return other

    def _has(self, wanted: Stored) -> bool:
        there = self.head(wanted.key)
        return there is not None and there.size == wanted.size and self._read_back(wanted.key) == wanted

    def _prove(self, wanted: Stored) -> Stored:
        found = self._read_back(wanted.key)
        if found != wanted:
            raise StoreError(
                f"{wanted.key} came back from {self._place} as {found.size} bytes with sha256 {found.sha256} instead "
                f"of {wanted.size} with {wanted.sha256}; put it again"
            )
        return found

    def _read_back(self, key: str) -> Stored:
        def read() -> Stored:
            with self.open(key) as body:
                return measured(body, key=key)

        return self._patiently(read)

    def _patiently(self, read: Callable[[], _T]) -> _T:
        """Reads again what was cut on its way: botocore repeats a request that failed, not an answer that broke off."""
        for attempt in range(_TRIES_TO_READ):
            _pause(attempt)
            try:
                return read()
            except Cut:
                if attempt == _TRIES_TO_READ - 1:
                    raise
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _told(self, key: str | None = None) -> Iterator[None]:
        try:
            with self.traffic.request():
                yield
        except FAILURES as error:
            raise told(error, place=self._place, key=key and self._prefix + key) from error


def _pause(attempt: int) -> None:
    """Waits a random while before another try, longer each time, at most five seconds."""
    if attempt:
        time.sleep(random.SystemRandom().uniform(0.02, min(0.05 * 2**attempt, 5.0)))


def measured(stream: IO[bytes], *, key: str) -> Stored:
    """Returns what an object of a stream's bytes is; reads all of it."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Stored(key=key, size=size, sha256=digest.hexdigest())
