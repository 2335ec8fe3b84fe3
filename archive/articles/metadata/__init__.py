"""Page -> title, authors, dates and all else that is said of an article: candidates, and the rules that choose."""
