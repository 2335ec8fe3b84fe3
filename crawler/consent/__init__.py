"""Consent banners: found, refused by policy, and the proof that they are gone."""

from crawler.consent.settler import Settler

__all__ = ["Settler"]
