"""What we know of news sites: their files, and which URLs are theirs."""
