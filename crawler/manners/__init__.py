"""How we ask: robots.txt, Retry-After, delays, caps, the lease, and nothing off the site."""
