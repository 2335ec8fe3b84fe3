"""Tables that lay out a page: a cell of links beside the cell of the article is navigation."""

from lxml.html import HtmlElement

from archive.articles.markup.chrome import length

_LONG = 200  # characters of the cell of the article; those of tables of data are shorter


def cut(tree: HtmlElement) -> None:
    """Cut out, in place, the cells that hold nothing but links beside one that holds a headline or much text."""
    for row in tree.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if 1 < len(cells) <= 4 and any(map(_is_article, cells)):
            for cell in filter(_is_links, cells):
                cell.drop_tree()


def _is_article(cell: HtmlElement) -> bool:
    return cell.find(".//h1") is not None and length(cell) > _LONG


def _is_links(cell: HtmlElement) -> bool:
    links = list(cell.iter("a"))
    return len(links) > 1 and sum(map(length, links)) * 10 >= length(cell) * 9
