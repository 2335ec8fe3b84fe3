"""Consent walls: `WALLS` has each by its name, served at /walls/<name>.html."""

from tests.newsroom.walls.nasty import NASTY
from tests.newsroom.walls.roots import ROOTS
from tests.newsroom.walls.shapes import SHAPES
from tests.newsroom.walls.wall import Choice, Wall, choices_in
from tests.newsroom.walls.wordpress import WORDPRESS

__all__ = ["WALLS", "Choice", "Wall", "choices_in"]

WALLS: dict[str, Wall] = {wall.name: wall for wall in (*SHAPES, *ROOTS, *NASTY, *WORDPRESS)}
