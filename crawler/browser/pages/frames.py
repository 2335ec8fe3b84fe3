"""The frames of a page, as far as they have storage: by whom they are, and within whom."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_MOST: Final = 12  # kinds of frames whose storage is emptied; a page with more is not worth it
Chain = tuple[str, ...]
"""The origins of a frame and of those it stands in, from the innermost; neighbours of one origin count once."""


class Frames:
    """Which frames a page has had, since its first navigation.

    Browsers part the storage of frames by origin, by the site of the whole page, and by whether all are of one site:
    frames of one `Chain` share theirs.
    """

    def __init__(self) -> None:
        self._seen: set[Chain] = set()
        self._chains: dict[str, Chain] = {}

    def navigated(self, event: Mapping[str, Any]) -> None:
        """Takes note of a document, as `Page.frameNavigated` tells it."""
        frame = event["frame"]
        chain = _joined(_origin(frame), self._chains.get(frame.get("parentId", ""), ()))
        self._chains[frame["id"]] = chain
        self._seen.add(chain)

    def standing(self, tree: Mapping[str, Any]) -> list[str] | None:
        """Returns a frame for each storage that the page can have used; None where one of them has gone meanwhile."""
        found: dict[Chain, str] = {}
        for chain, frame in _walked(tree, ()):
            found.setdefault(chain, frame)
        wanted = {chain for chain in self._seen | set(found) if chain and chain[0].startswith("http")}
        if len(wanted) > _MOST or not wanted <= set(found):
            return None
        return [found[chain] for chain in sorted(wanted)]


def _walked(tree: Mapping[str, Any], within: Chain) -> Iterator[tuple[Chain, str]]:
    chain = _joined(_origin(tree["frame"]), within)
    yield chain, tree["frame"]["id"]
    for child in tree.get("childFrames", ()):
        yield from _walked(child, chain)


def _origin(frame: Mapping[str, Any]) -> str:
    return str(frame.get("securityOrigin", ""))


def _joined(origin: str, within: Chain) -> Chain:
    return within if within[:1] == (origin,) else (origin, *within)
