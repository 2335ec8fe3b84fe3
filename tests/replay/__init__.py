"""Archives replayed by the field's own tools, ReplayWeb.page and pywb, in a Chromium that can reach nothing else."""
