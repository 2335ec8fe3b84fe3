"""What a page needs to be seen again: styles, scripts, images, fonts, media; found, fetched, and listed a page."""
