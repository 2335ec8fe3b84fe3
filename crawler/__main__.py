"""`python -m crawler` is `microfiche`."""

from crawler.cli import main

if __name__ == "__main__":
    main()
