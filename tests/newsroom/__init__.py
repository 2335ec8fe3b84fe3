"""The Valley Courier: a fictional newspaper on a server of its own, which stands in for the web in tests and demos."""

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.truth import Bad, Hit, Truth

__all__ = ["Bad", "Hit", "Newsroom", "Truth"]
