"""Consent banners: found, refused by policy, and the proof that they are gone."""
