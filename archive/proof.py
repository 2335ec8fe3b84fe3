"""The last look before the local copy goes: does the store still hold all that an attempt's commit names?

A store may take an object, give it back once, and lose it. So everything is read back a second time, after the commit;
what is gone or altered is put again while the spool folder is there to put it from.
"""

import logging
from contextlib import suppress

from archive.commit import Commit, load
from archive.errors import ArchiveError, StoreError
from archive.ship import ship
from archive.spool import Folder
from archive.store import Store

logger = logging.getLogger(__name__)


def prove(folder: Folder, commit: Commit, *, store: Store, software: str) -> None:
    """Returns when all objects of a folder's commit, and the commit, are in the store just as they should be.

    What unfinished uploads of this attempt left behind in the store goes.

    Raises:
        StoreError: the store failed, or still does not hold them after they were put again; try again later.
    """
    if wrong := missing(commit, store=store):
        logger.warning("%s: the store took these and does not hold them: %s", commit.name.name, ", ".join(wrong))
        _clear(commit.name.commit_key, store=store)
        ship(folder, store=store, software=software)  # which finds what is there and does the rest
    if wrong := missing(commit, store=store):
        raise StoreError(f"the store took {wrong[0]} twice and does not hold it; the copy in the spool stays")
    for begun in (commit.name.warc_key(0).removesuffix("00000.warc.gz"), commit.name.cdxj_key):
        store.abort_uploads(begun)


def _clear(key: str, *, store: Store) -> None:
    """Takes away what stands in the place of the commit and is none: it stood there, this is what became of it."""
    if store.head(key) is not None:
        try:
            load(store.get(key), key=key)
        except ArchiveError:
            store.delete(key)


def missing(commit: Commit, *, store: Store) -> list[str]:
    """The keys of a commit's objects, and its own, that are not in the store as they should be; reads all of them."""
    wrong = [stored.key for stored in commit.objects if not store.stands(stored)]
    return wrong if _stands(commit, store=store) else [*wrong, commit.name.commit_key]


def _stands(commit: Commit, *, store: Store) -> bool:
    key = commit.name.commit_key
    if store.head(key) is None:
        return False
    with suppress(ArchiveError):
        return load(store.get(key), key=key) == load(commit.dump(), key=key)
    return False
