"""Chromium, for pages that are nothing without scripts: its traffic becomes the same exchanges as plain HTTP."""
