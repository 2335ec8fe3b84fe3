"""Page -> text: paragraphs in order, without what is none of the article."""
