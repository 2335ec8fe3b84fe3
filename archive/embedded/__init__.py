"""Start and stop the embedded Postgres and S3 of a data folder."""

import errno
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.embedded.disk import settle
from archive.embedded.postgres import Postgres, dsn
from archive.embedded.s3 import BUCKET, S3, endpoint
from archive.embedded.server import Server
from archive.embedded.shared import Shared
from archive.errors import ServiceError

__all__ = ["Services", "kept", "services", "settle"]

logger = logging.getLogger(__name__)

_LOOK_EVERY = 1.0  # seconds
_LONGEST_PAUSE = 60.0
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """How to reach the embedded servers; what was not asked for is None, but for `bucket`.

    `dsn` carries its password, `endpoint` is an http URL on loopback. Secrets are not shown in a traceback.
    """

    dsn: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    bucket: str = BUCKET


@contextmanager
def services(data_dir: Path, *, postgres: bool = True, s3: bool = True) -> Iterator[Services]:
    """Holds the embedded servers of a data folder up, starting them where they do not run.

    The last one to leave stops them; a killed one's are taken over by the next. Raises ServiceError.
    """
    folder = data_dir.absolute()
    kinds = (S3(folder), Postgres(folder))  # S3 first: it comes up while the first Postgres makes its cluster
    wanted = {name for name, asked in (("postgres", postgres), ("s3", s3)) if asked}
    with ExitStack() as stack:
        with _told(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "logs").mkdir(mode=0o700, exist_ok=True)
            running = stack.enter_context(Shared(folder, kinds).attached(wanted)) if wanted else {}
        database = running["postgres"] if postgres else None
        store = running["s3"] if s3 else None
        yield Services(
            dsn=dsn(database) if database else None,
            endpoint=endpoint(store) if store else None,
            access_key=store.user if store else None,
            secret_key=store.secret if store else None,
        )


@contextmanager
def kept(data_dir: Path, *, postgres: bool = True, s3: bool = True) -> Iterator[None]:
    """Watches the embedded servers that the caller holds up, and starts again what dies, for the length of the block.

    A server that does not start is tried again, ever more seldom; meanwhile its clients find nobody.
    """
    folder = data_dir.absolute()
    shared = Shared(folder, (S3(folder), Postgres(folder)))
    wanted = {name for name, asked in (("postgres", postgres), ("s3", s3)) if asked}
    over = threading.Event()
    begun = shared.noted()
    watch = threading.Thread(target=_watch, args=(shared, wanted, begun, over), name="keep-services", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()  # a server that it is just starting is then stopped with the others


def _watch(shared: Shared, wanted: Collection[str], noted: Mapping[str, Server], over: threading.Event) -> None:
    pause = _LOOK_EVERY
    while not over.wait(pause):
        try:
            now = shared.revive(wanted, before=noted)
            for name in wanted:
                if name in noted and now[name].process != noted[name].process:
                    logger.warning("the embedded %s was gone and was started again", name)
            noted = now
            pause = _LOOK_EVERY
        except (ServiceError, OSError) as error:
            pause = min(2 * pause, _LONGEST_PAUSE)
            logger.error("an embedded server is gone and does not start again: %s", error)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        reason = error.strerror or str(error)
        advice = "make room on that disk" if error.errno in _FULL else "make it yours or set another data_dir"
        raise ServiceError(f"cannot use the data folder {folder}: {place}: {reason}; {advice}") from error
