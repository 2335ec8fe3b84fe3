"""One attempt at a site: what it knows, asks for, and notes."""
