"""What extracting processes are forked from: a process that has read a page already.

Imported by that process alone (`archive.pages` names it to the fork server), and the one module that works when it is
imported: patterns and tables that are made with the first page are made once then, not once a process. The objects made
so far are taken out of the garbage collector's sight, so that memory stays shared and nobody looks through them again.
"""

import gc
from typing import Final

from archive import articles, pages  # noqa: F401  the pages are what is forked for
from archive.articles.body import parts
from archive.articles.markup import platforms

_PARAGRAPH: Final = "<p>The council met on Monday evening and voted to keep the old bridge open for another year.</p>"
_PAGE: Final = f"""
<html lang="en"><head><title>A bridge stays</title><meta name="description" content="It stays open.">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A bridge stays"}}</script></head>
<body><nav><a href="/">Home</a></nav><main><h1>A bridge stays</h1><p class="byline">By Anna Berg</p>
<p>2 May 2024</p><div class="entry" id="entry">{_PARAGRAPH * 8}<ul><li><a href="/next">Next</a></li></ul></div></main>
<div class="cookie-banner">We use cookies. <button>Accept</button></div><footer>All rights</footer></body></html>
"""

platforms.names()
articles.read(_PAGE, "https://valley.example/news/a-bridge-stays-1")
parts.following(_PAGE.encode(), url="https://valley.example/news/a-bridge-stays-1", number=2)
gc.collect()
gc.freeze()
