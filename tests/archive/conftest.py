"""An empty ledger and a prefix of the store for each test, on the servers that all tests of a worker share."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from archive.embedded import Services
from archive.ledger import Ledger
from archive.pages import Extractors
from archive.store import Store
from tests.archive.ledgers import fresh_ledger
from tests.archive.relay import Relay, relay


@pytest.fixture(scope="session")
def extractors() -> Iterator[Extractors]:
    """A process that extracts articles, for all tests."""
    with Extractors(processes=1) as running:
        yield running


@pytest.fixture
async def ledger(embedded: Services) -> AsyncIterator[Ledger]:
    """An empty ledger, nobody else's."""
    async with fresh_ledger(embedded) as ledger:
        yield ledger


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def store(embedded: Services, prefix: str) -> Store:
    return open_store(embedded, prefix=prefix)


@pytest.fixture
def between(embedded: Services) -> Iterator[Relay]:
    """A relay before the embedded S3, which does to it what networks do."""
    assert embedded.endpoint
    with relay(embedded.endpoint) as it:
        yield it


@pytest.fixture
def far(embedded: Services, prefix: str, between: Relay) -> Store:
    """The same prefix as `store`, reached through the relay."""
    return open_store(embedded, prefix=prefix, endpoint=between.endpoint)


def open_store(running: Services, *, prefix: str, endpoint: str | None = None) -> Store:
    return Store(
        f"s3://{running.bucket}/{prefix}",
        endpoint=endpoint or running.endpoint,
        access_key=running.access_key,
        secret_key=running.secret_key,
    )


def client_of(running: Services) -> Any:
    """boto3's own client: what our store has no words for."""
    return boto3.client(
        "s3",
        endpoint_url=running.endpoint,
        region_name="us-east-1",
        aws_access_key_id=running.access_key,
        aws_secret_access_key=running.secret_key,
    )


def uploads_of(running: Services, prefix: str = "") -> list[str]:
    """The keys of uploads that have begun and not come to an end."""
    found = client_of(running).list_multipart_uploads(Bucket=running.bucket, Prefix=prefix)
    return sorted(upload["Key"] for upload in found.get("Uploads", ()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"
