"""What a page asks for and gets, over the DevTools protocol, as exchanges."""
