"""Kinds by how a page is laid out: pictures with little prose, and an agency's few sentences."""

import pytest

from archive.articles import extract

ALT = "The ferry lies at the quay of the far shore"
FIGURE = f"<figure><img src='/{{0}}.jpg' alt=''><figcaption>{ALT}, picture {{0}}.</figcaption></figure>"
SLIDE = "<li class='swiper-slide'><img src='/{0}.jpg' alt=''></li>"
PROSE = "<p>The ferry across the sound has not run since Tuesday, and the bakery has had no flour for three days.</p>"
DATELINE = "NORTH HARBOUR (AFP) — The ferry across the sound has not run since Tuesday, officials said on Friday, and"
ITEM = (
    f"<p>{DATELINE} nobody could say when it would sail again.</p><p>The council meets on Sunday in the boat house.</p>"
)


def kind(inner: str, *, head: str = "") -> str | None:
    page = (
        f"<html><head><title>No ferry, no bread</title>{head}</head>"
        f"<body><article><h1>No ferry, no bread</h1>{inner}</article></body></html>"
    )
    article = extract(page, "https://sound.example/2026/11/no-ferry-no-bread")
    return article.kind if article else None


@pytest.mark.parametrize("picture", [FIGURE, SLIDE])
def test_six_pictures_and_little_prose_are_a_gallery(picture):
    """Figures with captions, or slides; five of them are not enough, nor are they beside an article."""
    pictures = [picture.format(number) for number in range(6)]
    assert kind(PROSE * 2 + "".join(pictures)) == "gallery"
    assert kind(PROSE * 2 + "".join(pictures[:5])) == "article"
    longer = "".join(PROSE.replace("Tuesday", f"the {number}. of May") for number in range(12))
    assert kind(longer + "".join(pictures)) == "article"
    assert kind(PROSE * 2 + f"<aside class='related'>{''.join(pictures)}</aside>") == "article"


def test_data_that_name_a_gallery_beside_the_article_make_one_of_a_short_text():
    gallery = '{"@type":"ImageGallery","name":"No ferry"}'
    data = f'[{{"@type":"NewsArticle","headline":"No ferry, no bread"}},{gallery}]'
    head = f'<script type="application/ld+json">{data}</script>'
    assert kind(PROSE * 2, head=head) == "gallery"
    assert (
        kind("".join(PROSE.replace("Tuesday", f"the {number}. of May") for number in range(12)), head=head) == "article"
    )


def test_a_few_sentences_behind_an_agencys_dateline_are_a_brief():
    """More of them are an article; so is as little text without the dateline."""
    assert kind(ITEM) == "brief"
    assert kind(ITEM + "".join(PROSE.replace("three", str(number)) for number in range(4))) == "article"
    assert kind(ITEM.replace("NORTH HARBOUR (AFP) — ", "")) == "article"


def test_what_a_wall_leaves_of_an_agencys_item_is_no_brief():
    data = '{"@type":"NewsArticle","headline":"No ferry, no bread","isAccessibleForFree":false}'
    assert kind(ITEM, head=f'<script type="application/ld+json">{data}</script>') == "article"
