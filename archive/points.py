"""Named moments at which a test may end the process, to prove that nothing is lost there.

A crash can come at any instruction; these are the ones between two effects that have to agree (written and indexed,
uploaded and committed, committed and entered). Without `KILL_AT` in the environment they cost a function call.
"""

import os
import signal
from collections import Counter
from typing import Final

NAMES: Final = (
    "attempt-begun",  # numbered and leased in the ledger; no spool folder yet
    "folder-begun",  # the spool folder stands; nothing is in it
    "write-announced",  # the journal tells of a write that is not in its file yet
    "record-written",  # a WARC record is in its file, its index line is not
    "record-indexed",
    "document-captured",  # a feed, sitemap or list of links is in the WARC; its promises are not in the ledger
    "outcome-noted",
    "before-fsync",
    "draft-written",  # a file that is to be replaced whole is written beside it
    "renamed",  # and the new name may not be on the disk yet
    "file-sealed",
    "repair-moved",
    "repair-cut",
    "repair-indexed",
    "object-uploaded",
    "before-commit",
    "commit-put",  # the commit stands; the ledger does not know
    "commit-entered",  # the ledger knows; the spool folder is still there
    "folder-leaving",  # renamed, about to be removed
    "articles-put",  # the articles object stands; the ledger does not know
    "articles-entered",
)
_passed: Counter[str] = Counter()


def reached(name: str) -> None:
    """Ends the whole process group, as kill -9 does, when KILL_AT is "<name>:<n>" and this is the n-th time."""
    wanted = os.environ.get("KILL_AT")
    if not wanted:
        return
    _passed[name] += 1
    if wanted == f"{name}:{_passed[name]}":
        os.killpg(os.getpgrp(), signal.SIGKILL)
