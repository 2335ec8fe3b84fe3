"""Measurements of the crawl and of the whole line, against a big newspaper in a process of its own.

`python -m tests.bench crawl` compares our crawl stage with bare Scrapy and with wget; `… crawl --memory` looks at its
memory early and late in one crawl; `… line` takes the whole command. Read ratios, not times: machines are shared.
"""
