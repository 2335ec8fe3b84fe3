"""Lines of a log that nobody but us begins: what a site says may hold line breaks and commands for terminals."""

import logging
from types import TracebackType

from crawler.cli.output import printable


class LogLines(logging.Formatter):
    """Writes a message on one line, and indents the lines of a traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the base class calls it so
        """Returns the line of a record."""
        return printable(super().formatMessage(record))

    def formatException(  # noqa: N802  as above
        self,
        ei: "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]",
    ) -> str:
        """Returns a traceback; none of its lines looks like one of the log's own."""
        return "\n".join(f"    {printable(line)}" for line in super().formatException(ei).split("\n"))
