"""What module scripts need."""

import pytest

from crawler.embeds.modules import read_module
from crawler.embeds.needs import MOST_NEEDS

BASE = "https://cdn.example/js/main.js"


@pytest.mark.parametrize(
    ("written", "imported"),
    [
        ('import a from "./a.js"', ["https://cdn.example/js/a.js"]),
        ("import './a.js';import '/b.js';import '../c.js?v=1'",
         ["https://cdn.example/js/a.js", "https://cdn.example/b.js", "https://cdn.example/c.js?v=1"]),
        ('import{a as b,c}from"./a.js";export*from"./b.js";export{d}from"https://other.example/d.js"',
         ["https://cdn.example/js/a.js", "https://cdn.example/js/b.js", "https://other.example/d.js"]),
        ('import a, {\n  b,\n} from\n  "./a.js"', ["https://cdn.example/js/a.js"]),
        ("import x from 'react'", []),
        ("const a = import('./a.js')", []),
        ("Array.from('./a.js'); $import './a.js'; a.from './b.js'; reimport './c.js'", []),
        ("import './main.js'", []),
        ("import './a.js\"", []),
    ],
)  # fmt: skip
def test_what_a_module_imports_before_it_runs(written: str, imported: list[str]) -> None:
    """Static imports of addresses; neither bare names nor what is imported while it runs, nor the module itself."""
    assert read_module(written, base=BASE).needs == tuple((url, "module") for url in imported)


def test_no_module_needs_without_end() -> None:
    """More imports than a page may need are not listed."""
    text = "".join(f"import './{number}.js'\n" for number in range(2 * MOST_NEEDS))
    assert len(read_module(text, base=BASE).needs) == MOST_NEEDS
