"""The published line and its JSON Schema."""

import json

import pytest

from archive.articles import EXTRACTOR, SCHEMA, Article, Entry, extract, publish, validate
from archive.urls import article_id

CAPTURE = {
    "warc": "warc/site=gazette/dt=2026-03-10/r1-1-00000.warc.gz",
    "offset": 1024,
    "length": 4096,
    "record_id": "<urn:uuid:7d1f0c4e-8a55-4f6b-9a51-2f6f7c0f9f10>",
    "payload_digest": "sha256:" + "0" * 64,
    "date": "2026-03-10T22:00:00.000000Z",
    "rendered": False,
    "consent": None,
}
KEY = "https://gazette.example/2026/03/10/gulls"


def line(article=None, **changes):
    article = article or Article(title="Gulls win", text="For now.", word_count=2, content_digest="sha256:" + "1" * 64)
    published = publish(article, site="gazette", key=KEY, url=KEY + "/", capture=CAPTURE, parts=[CAPTURE])
    return published | changes


def test_a_line_has_its_keys_in_schema_order_and_is_valid():
    """The keys stand as in the schema, all of the required ones."""
    published = line()
    assert list(published) == [name for name in SCHEMA["properties"] if name not in {"revision", "aliases"}]
    assert list(published) == SCHEMA["required"]
    assert published["id"] == article_id("gazette", KEY)
    assert published["extractor"] == {**EXTRACTOR, "layouts": None}
    assert published["parts"] == [CAPTURE]
    assert validate(published) == []


def test_an_extracted_article_is_valid_and_survives_json():
    """What extraction gives is what the schema says."""
    html = "<html lang=en><title>Gulls win</title><h1>Gulls win</h1>" + "<p>The gulls won in court, for now.</p>" * 9
    article = extract(html, KEY)
    assert article is not None
    published = line(article, revision=2)
    assert json.loads(json.dumps(published)) == published
    assert validate(published) == []


def test_live_entries_are_valid():
    """The entries of a live blog are objects with id, time and text."""
    article = Article(content_digest="sha256:" + "1" * 64, entries=(Entry(id="1", time=None, text="Begun."),))
    published = line(article)
    assert published["entries"] == [{"id": "1", "time": None, "text": "Begun."}]
    assert validate(published) == []


def test_unknown_fields_are_allowed():
    """Fields may be added: a reader that checks against this schema does not refuse them."""
    assert validate(line(mood="calm")) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"id": "nonsense"}, "id: 'nonsense' does not match '^[0-9a-f]{32}$'"),
        ({"published": "yesterday"}, "published: 'yesterday' does not match"),
        ({"authors": None}, "authors: None is not of type 'array'"),
        ({"kind": "poem"}, "kind: 'poem' is not one of"),
        ({"capture": {**CAPTURE, "offset": -1}}, "capture.offset: -1 is less than the minimum of 0"),
        ({"revision": 0}, "revision: 0 is less than the minimum of 1"),
    ],
)
def test_what_is_wrong_is_named(change, error):
    """Each finding names its field."""
    (found,) = validate(line(**change))
    assert found.startswith(error)


def test_a_missing_field_is_named():
    """A line without a required field is not valid."""
    published = line()
    del published["text"]
    assert validate(published) == ["(line): 'text' is a required property"]


def test_every_field_is_documented():
    """Each property of the schema, and of the objects in it, has a description."""

    def undocumented(schema, path):
        for name, part in schema.get("properties", {}).items():
            if not part.get("description"):
                yield f"{path}.{name}"
            yield from undocumented(part, f"{path}.{name}")
            yield from undocumented(part.get("items", {}), f"{path}.{name}")

    assert list(undocumented(SCHEMA, "")) == []
