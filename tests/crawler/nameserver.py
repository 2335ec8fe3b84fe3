"""A name server that can go away, and a crawl that asks it: `python -m tests.crawler.nameserver PORT ARGS…`.

Only where the name servers are is changed in that process; how the machine finds its own is the machine's business.
"""

import socket
import struct
import sys
import threading
from types import TracebackType
from typing import Any, Self

_ADDRESS = 1  # the type of an A record
_ANSWER, _REFUSAL = 0x8180, 0x8182  # flags: no error, server failure


class NameServer:
    """Says 127.0.0.1 to every name; that it has failed, once it has gone away.

    `asked` counts the questions.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._left: float | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])

    def leave_after(self, addresses: int) -> None:
        """Go away when it has said so many addresses more; the first word holds."""
        self._left = addresses if self._left is None else self._left

    def come_back(self) -> None:
        """Answer from now on."""
        self._left = float("inf")

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                question, sender = self._socket.recvfrom(4096)
                self.asked += 1
                self._socket.sendto(self._answer(question), sender)
            except OSError:
                return

    def _answer(self, question: bytes) -> bytes:
        """The question again, and behind it an address where one was asked for (RFC 1035, section 4.1)."""
        end = question.index(b"\0", 12) + 5
        asks_one = struct.unpack_from(">H", question, end - 4)[0] == _ADDRESS
        is_away = self._left == 0
        has_one = asks_one and not is_away
        if has_one and self._left is not None:
            self._left -= 1
        flags = _REFUSAL if is_away else _ANSWER
        head = question[:2] + struct.pack(">HHHHH", flags, 1, int(has_one), 0, 0)
        record = struct.pack(">HHHLH4s", 0xC00C, _ADDRESS, 1, 0, 4, b"\x7f\0\0\1") if has_one else b""
        return head + question[12:end] + record


def crawl(port: int, arguments: list[str]) -> None:
    """Runs `microfiche` with its names resolved there, and none remembered."""
    from aiohttp import AsyncResolver

    from crawler.cli import main
    from crawler.fetch.wire import WireDownloadHandler

    begin = WireDownloadHandler.__init__

    def begin_elsewhere(self: Any, crawler: Any) -> None:
        begin(self, crawler)
        connector = self._session.connector
        connector._resolver = AsyncResolver(nameservers=["127.0.0.1"], udp_port=port, timeout=60.0, tries=1)
        connector._use_dns_cache = False

    WireDownloadHandler.__init__ = begin_elsewhere  # type: ignore[method-assign]  # in a process of its own
    sys.argv = ["microfiche", *arguments]
    main()


if __name__ == "__main__":
    crawl(int(sys.argv[1]), sys.argv[2:])
