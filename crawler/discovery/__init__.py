"""Which URLs a news site promises: read from its feeds, its sitemaps and its pages.

Readers are pure functions over bytes. They never fetch, never raise on what a server sends, and count under `problems`
what they could not use.
"""
