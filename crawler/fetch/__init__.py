"""How to fetch: plain HTTP, verbatim."""
