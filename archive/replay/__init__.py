"""Replay of what the store holds, on loopback, for people with a browser.

    browser ──► front ──┬── /            the list: sites, articles, a search (catalogue)
                        ├── /static/microfiche/   what is put into each page, and the state that it had
                        └── /web/…       pywb, a program of its own ──► index file (committed CDXJs, merged)
                                                                   └──► shelf ──► ranges of WARC objects in the store

Pages are rewritten in the browser, by pywb's service worker: modules and workers run there as they did live.
"""

from archive.replay.front import Front
from archive.replay.holdings import Holdings
from archive.replay.pywb import Pywb, program
from archive.replay.shelf import Shelf

__all__ = ["Front", "Holdings", "Pywb", "Shelf", "program"]
