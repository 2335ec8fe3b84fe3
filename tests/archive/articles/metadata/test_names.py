"""Names of people out of bylines."""

import pytest

from archive.articles.metadata.names import organisations, people


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Ada Quill", ("Ada Quill",)),
        ("By Ada Quill", ("Ada Quill",)),
        ("By Ada Quill and Tom Reed", ("Ada Quill", "Tom Reed")),
        ("By Ada Quill, Tom Reed and Nora Pike", ("Ada Quill", "Tom Reed", "Nora Pike")),
        ("Von Jörn Petersen und Anke Holm", ("Jörn Petersen", "Anke Holm")),
        ("Ursula von der Leyen", ("Ursula von der Leyen",)),
        ("Par Émile Durand et Zoé Petit", ("Émile Durand", "Zoé Petit")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Ana Ruiz y Juan Gil", ("Ana Ruiz", "Juan Gil")),
        ("Quill, Ada", ("Ada Quill",)),
        ("Ada Quill, Staff Writer", ("Ada Quill",)),
        ("Ada Quill, MD, PhD", ("Ada Quill",)),
        ("Ada Quill | Harbour Gazette", ("Ada Quill",)),
        ("Ada Quill (Reuters)", ("Ada Quill",)),
        ("Ada Quill - Political Correspondent", ("Ada Quill",)),
        ("Ada Quill Harbour Gazette", ("Ada Quill",)),
        ("By Ada Quill · 3 hours ago", ("Ada Quill",)),
        ("By Ada Quill • 3 hours ago", ("Ada Quill",)),
        ("By Ada Quill | 3 hours ago", ("Ada Quill",)),
        ("By Ada Quill – 3 hours ago", ("Ada Quill",)),
        ("By Ada Quill and Tom Reed ·", ("Ada Quill", "Tom Reed")),
        ("By Ada Quill and Tom Reed •", ("Ada Quill", "Tom Reed")),
        ("By Ada Quill and Tom Reed |", ("Ada Quill", "Tom Reed")),
        ("By Ada Quill and Tom Reed –", ("Ada Quill", "Tom Reed")),
        ("· Ada Quill ·Tom Reed", ("Ada Quill", "Tom Reed")),
        ("Marcel·lí Gil", ("Marcel·lí Gil",)),
        ("Ada Quill; ada quill", ("Ada Quill",)),
        ("Автор: Анна Лебедева", ("Анна Лебедева",)),
        ("記者 川端雅人", ("川端雅人",)),
        ("大沢 陽介、森田 葉子", ("大沢 陽介", "森田 葉子")),
        ("بقلم: سلمى الحداد", ("سلمى الحداد",)),
        ("Staff", ()),
        ("Newsroom", ()),
        ("Redaktion", ()),
        ("admin", ()),
        ("Harbour Gazette", ()),
        ("dpa", ()),
        ("https://gazette.example/author/ada", ()),
        ("ada@gazette.example", ()),
        ("", ()),
    ],
)
def test_bylines(byline, expected):
    """Prefixes, roles, organisations and addresses go; names stay as written."""
    assert people([byline], banned=frozenset({"harbourgazette"})) == expected


def test_one_word_read_off_a_page_is_no_name():
    """Structured data may name people by one word; a page's text may not, except in scripts without spaces."""
    assert people(["Pele"]) == ("Pele",)
    assert people(["Sport"], shown=True) == ()
    assert people(["川端雅人"], shown=True) == ("川端雅人",)


def test_an_organisation_may_claim_to_be_the_author():
    """Agencies and newspapers stand where nobody is named; 'Staff' and addresses stand for nobody."""
    assert organisations(["dpa", "Staff Writer", "https://x.example", "Harbour Gazette"]) == ("dpa", "Harbour Gazette")
