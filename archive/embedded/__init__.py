"""Start and stop the embedded Postgres and S3 of a data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.embedded.postgres import Postgres, dsn
from archive.embedded.s3 import BUCKET, S3, endpoint
from archive.embedded.shared import Shared
from archive.errors import ServiceError

__all__ = ["Services", "services"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """How to reach the embedded servers; what was not asked for is None, but for `bucket`.

    `dsn` carries its password, `endpoint` is an http URL on loopback.
    """

    dsn: str | None = None
    endpoint: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    bucket: str = BUCKET


@contextmanager
def services(data_dir: Path, *, postgres: bool = True, s3: bool = True) -> Iterator[Services]:
    """Holds the embedded servers of a data folder up, starting them where they do not run.

    The last one to leave stops them; a killed one's are taken over by the next. Raises ServiceError.
    """
    folder = data_dir.absolute()
    _prepare(folder)
    kinds = (S3(folder), Postgres(folder))  # S3 first: it comes up while the first Postgres makes its cluster
    wanted = {name for name, asked in (("postgres", postgres), ("s3", s3)) if asked}
    with Shared(folder, kinds).attached(wanted) as running:
        database = running["postgres"] if postgres else None
        store = running["s3"] if s3 else None
        yield Services(
            dsn=dsn(database) if database else None,
            endpoint=endpoint(store) if store else None,
            access_key=store.user if store else None,
            secret_key=store.secret if store else None,
        )


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServiceError(
            f"cannot use the data folder {folder}: {error.strerror}; make it yours or set another data_dir"
        ) from error
