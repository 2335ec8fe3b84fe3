"""Bytes -> page: characters, a tree, what is in it and what is said about it, before anything is chosen."""
