"""CSS selectors that a person wrote, checked before anything is read with them."""

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector


def check_selector(selector: str) -> None:
    """Refuse what is no CSS selector.

    Raises:
        ValueError: It is none, or one that only a browser understands.
    """
    try:
        CSSSelector(selector, translator="html")
    except (SelectorError, ValueError, etree.XPathError) as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
