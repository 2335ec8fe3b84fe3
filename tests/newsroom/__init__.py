"""The Valley Courier: a fictional newspaper on a server of its own, which stands in for the web in tests and demos."""

from tests.newsroom.bench import BigRoom, big_newsroom
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.truth import Bad, Hit, Truth

__all__ = ["Bad", "BigRoom", "Hit", "Newsroom", "Truth", "big_newsroom"]
