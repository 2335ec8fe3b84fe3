"""What the choice of each field was made from."""

from archive.articles import Candidate, candidates
from tests.archive.articles.test_hostile import JUNK

PAGE = """
<html lang="en"><head><title>No ferry, no bread | The Sound</title>
<meta property="og:title" content="Ferry stops"><meta name="author" content="Per Lund">
<meta property="article:modified_time" content="2021-05-06">
<link rel="canonical" href="/no-ferry"><link rel="amphtml" href="/amp/no-ferry">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"No ferry","datePublished":"2021-05-04"}</script>
</head><body><h1>No ferry, no bread</h1><p>By Ida Storm</p><p>The ferry has not run since Tuesday.</p></body></html>
"""


def test_every_value_is_kept_with_its_source():
    """Also those that were not chosen, in the order of their precedence."""
    assert candidates(PAGE, "https://sound.example/no-ferry?x=1") == (
        Candidate("title", "No ferry", "json-ld"),
        Candidate("title", "No ferry, no bread", "dom"),
        Candidate("title", "Ferry stops", "opengraph"),
        Candidate("title", "No ferry, no bread | The Sound", "title"),
        Candidate("authors", "Per Lund", "meta"),
        Candidate("authors", "Ida Storm", "dom said"),
        Candidate("published", "2021-05-04", "json-ld"),
        Candidate("modified", "2021-05-06", "opengraph"),
        Candidate("language", "en", "dom"),
        Candidate("canonical", "https://sound.example/no-ferry", "dom"),
        Candidate("amp", "https://sound.example/amp/no-ferry", "dom"),
    )


def test_a_page_that_is_none_has_no_candidates():
    """Nothing raises, and there is an end to them."""
    assert candidates(b"", None) == ()
    assert candidates("<" * 100_000, "http://[::1") == ()
    assert len(candidates(JUNK["headings"], "https://sound.example/x")) <= 200
