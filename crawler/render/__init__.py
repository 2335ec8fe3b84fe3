"""Which pages need a browser, and how one is had: decided by what plain HTTP gave, remembered by a URL's form."""
