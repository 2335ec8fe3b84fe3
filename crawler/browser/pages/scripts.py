"""The functions that run in pages: one file each beside this one, read once."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

_COMMENT: Final = re.compile(r"\A(?://.*\n)+")


@cache
def script(name: str) -> str:
    """Returns the source of `<name>.js`, without the comment that it begins with."""
    source = files(__package__).joinpath("js", f"{name}.js").read_text(encoding="utf-8")
    return _COMMENT.sub("", source)
