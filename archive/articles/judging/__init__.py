"""What a page is: an article of some kind, free or not, or something that stands in its place."""
