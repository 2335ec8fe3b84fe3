"""A page in a window: opened, settled, taken, left."""
