"""What a failure of S3 means, and what a person can do about it: one line."""

from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own; the built-in one does not come from it
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ResponseStreamingError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from archive.errors import StoreError

# Quirk: botocore hands on urllib3's errors, and its parser's, when an answer without a stream breaks off.
_BROKEN_OFF = (IncompleteReadError, ResponseStreamingError, ResponseParserError, HTTPError)
FAILURES = (ClientError, BotoCoreError, ResponseParserError, HTTPError)

_WRONG_KEYS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_NO_BUCKET = "make the bucket, or correct [store] url"
_REGION = "the bucket is in another region; set AWS_DEFAULT_REGION"
_TRY_LATER = "try again later"
_DAMAGED = "the bytes were altered or lost on their way; try again"
_ADVICE = {
    "InvalidAccessKeyId": _WRONG_KEYS,
    "SignatureDoesNotMatch": _WRONG_KEYS,
    "InvalidToken": _WRONG_KEYS,
    "ExpiredToken": "the keys have run out; get new ones",
    "AccessDenied": "the keys may not do this; allow them to list, read, write and delete",
    "403": f"the keys are wrong or may not do this; {_WRONG_KEYS}",
    "NoSuchBucket": _NO_BUCKET,
    "404": _NO_BUCKET,
    "301": _REGION,
    "302": _REGION,
    "307": _REGION,
    "PermanentRedirect": _REGION,
    "TemporaryRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "RequestTimeTooSkewed": "the clock of this machine is wrong; set it",
    "QuotaExceeded": "it is full; make room",
    "NotImplemented": "it lacks what microfiche needs; use another store",
    "InternalError": _TRY_LATER,
    "ServiceUnavailable": _TRY_LATER,
    "SlowDown": _TRY_LATER,
    "RequestTimeout": _TRY_LATER,
    "OperationAborted": _TRY_LATER,
    "ConditionalRequestConflict": _TRY_LATER,
    "NoSuchUpload": _TRY_LATER,
    "409": _TRY_LATER,
    "500": _TRY_LATER,
    "502": _TRY_LATER,
    "503": _TRY_LATER,
    "504": _TRY_LATER,
    "BadDigest": _DAMAGED,
    "IncompleteBody": _DAMAGED,
    "XAmzContentSHA256Mismatch": _DAMAGED,
}
_NO_OBJECT = {"NoSuchKey", "404"}


class Cut(StoreError):  # noqa: N818  # what happened to an answer, not to the store
    """An answer broke off on its way, or is none; the same question may well be answered whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket somewhere, as errors name it."""

    bucket: str
    endpoint: str | None

    def __str__(self) -> str:
        return f"bucket {self.bucket} at {self.endpoint or 'Amazon S3'}"


def status_of(error: Exception) -> int:
    """The HTTP status of an answer that was an error; 0 where no answer came."""
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"]) if isinstance(error, ClientError) else 0


def was_repeated(error: Exception) -> bool:
    """Says whether botocore had sent the request before it got this answer."""
    return isinstance(error, ClientError) and error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0


def told(error: Exception, *, place: Place, key: str | None = None) -> StoreError:
    """Puts a failure into words; `key` is the object that was asked for, where one was."""
    if isinstance(error, ClientError):
        if key is not None and _code(error) in _NO_OBJECT:
            return StoreError(f"there is no {key} in {place}")
        advice = _ADVICE.get(_code(error), "see the log of the store")
        return StoreError(f"{place} refuses with {_code(error)}: {advice}")
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return StoreError(f"there are no keys for {place}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    if isinstance(error, ProxyConnectionError):
        return StoreError(f"cannot reach {place} through the proxy; check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, SSLError):
        return StoreError(f"cannot trust the certificate of {place}; check [store] endpoint and AWS_CA_BUNDLE")
    if isinstance(error, _BROKEN_OFF):
        return Cut(f"an answer of {place} broke off ({type(error).__name__}); check the network")
    if isinstance(error, ConnectionError | HTTPClientError):
        return StoreError(f"cannot reach {place} ({type(error).__name__}); check [store] endpoint and the network")
    return StoreError(f"cannot use {place}: {' '.join(str(error).split())}")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "no code"))
