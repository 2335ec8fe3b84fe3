"""Chromium itself: found, started, watched, replaced when it dies."""
