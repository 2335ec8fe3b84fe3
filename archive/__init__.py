"""What we hold: exchanges in WARC files, their index, their commits in S3, and the articles derived from them."""
