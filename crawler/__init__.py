"""How we get it: discover what a news site promises, fetch it politely, hand every exchange to the archive."""
