"""Consent walls: `WALLS` has those written here by name, at /walls/<name>.html.

`NPM_WALLS` has those that real consent scripts put up, at /walls/npm/<package>.html, once `npm.fetched()` has got them.
"""

from tests.newsroom.walls.further import FURTHER
from tests.newsroom.walls.guile import GUILE
from tests.newsroom.walls.nasty import NASTY
from tests.newsroom.walls.npm import NPM
from tests.newsroom.walls.pieces import PIECES
from tests.newsroom.walls.roots import ROOTS
from tests.newsroom.walls.shapes import SHAPES
from tests.newsroom.walls.wall import Choice, Wall, choices_in
from tests.newsroom.walls.wary import WARY
from tests.newsroom.walls.wordpress import WORDPRESS

__all__ = ["NPM_WALLS", "WALLS", "Choice", "Wall", "choices_in"]

WALLS: dict[str, Wall] = {
    wall.name: wall for wall in (*SHAPES, *ROOTS, *NASTY, *WORDPRESS, *FURTHER, *WARY, *PIECES, *GUILE)
}
NPM_WALLS: dict[str, Wall] = {wall.name: wall for wall in NPM}
