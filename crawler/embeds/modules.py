"""What a module script needs: the modules that it imports by a static `import` or `export … from`.

A browser fetches these before it runs the script. What a script imports while it runs, and names that only an import
map explains, are not found.
"""

import re
from itertools import islice

from crawler.embeds.needs import MOST_NEEDS, Collection, Needs

_IMPORT = re.compile(r"""(?<![\w$.])(?:import|from)\s{0,20}(["'])((?:\.{0,2}/|https?://)[^"'\s<>\\]{0,2000})\1""")


def read_module(text: str, *, base: str) -> Needs:
    """Reads a module script; `base` is its own address."""
    found = Collection(base=base)
    for imported in islice(_IMPORT.finditer(text), MOST_NEEDS):
        found.add(imported[2], "module")
    return found.needs(without=base)
