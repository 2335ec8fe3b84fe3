"""An object of the store on its way, as a stream of bytes."""

import io
from typing import Any

from archive.storeerrors import FAILURES, Place, told
from archive.traffic import Traffic

_SIP = 64 << 10  # bytes read at once, so that `traffic` sees a slow answer move


class Body(io.RawIOBase):
    """An object on its way; what goes wrong on the way is a StoreError."""

    def __init__(self, body: Any, *, place: Place, traffic: Traffic) -> None:
        self._body = body
        self._place = place
        self._traffic = traffic

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Reads the next bytes into a buffer and returns how many."""
        view = memoryview(buffer)
        try:
            with self._traffic.request():
                chunk = self._body.read(min(len(view), _SIP))
        except FAILURES as error:
            raise told(error, place=self._place) from error
        self._traffic.passed(len(chunk))
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Ends the answer."""
        self._body.close()
        super().close()
