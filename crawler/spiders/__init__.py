"""The spiders: one, for all news sites."""
