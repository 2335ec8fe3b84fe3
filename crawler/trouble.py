"""What a person is told of an exception: the words of our own errors, and of a disk that is full."""

import errno

from archive.errors import MicroficheError

_FULL = {errno.ENOSPC, errno.EDQUOT}


def words(error: Exception) -> str:
    """One line for a person."""
    if isinstance(error, MicroficheError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _FULL:
        return f"the disk is full ({error.strerror}); what was captured is kept; make room and crawl again"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
