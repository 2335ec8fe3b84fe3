"""One embedded Postgres and S3 for all tests of the archive; each test has a prefix of its own."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.embedded import Services, services
from archive.store import Store


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "data"


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Iterator[Services]:
    with services(embedded_folder) as running:
        yield running


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def store(embedded: Services, prefix: str) -> Store:
    return open_store(embedded, prefix=prefix)


def open_store(running: Services, *, prefix: str, endpoint: str | None = None) -> Store:
    return Store(
        f"s3://{running.bucket}/{prefix}",
        endpoint=endpoint or running.endpoint,
        access_key=running.access_key,
        secret_key=running.secret_key,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"
