"""What differs from Scrapy's defaults, each with its reason. A site's own TOML is laid over it by `crawler.run`."""

BOT_NAME = "microfiche"
SPIDER_MODULES = ["crawler.spiders"]
USER_AGENT = "microfiche/0.1 (news archive)"  # with the contact of microfiche.toml behind it

# One asyncio loop for crawls, job queue and browser.
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TELNETCONSOLE_ENABLED = False  # an open port nobody asked for
REMOTE_CONTROL_ENABLED = False  # likewise
LOG_LEVEL = "INFO"
STATS_DUMP = False  # the closing summary and the commit tell them

# The wire, verbatim.
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.handler.DownloadHandler",
    "https": "crawler.fetch.handler.DownloadHandler",
    "ftp": None,
    "file": None,  # a page may link to it
    "data": None,
    "s3": None,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, br",  # ReplayWeb.page decodes no deflate, and no replay tool zstd
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # GuardMiddleware knows the scope
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # allows all when robots.txt fails
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # raises on what is no URL
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # likewise
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,  # knows no bounds
    "crawler.fetch.askable.AskableMiddleware": 40,
    "crawler.manners.guard.GuardMiddleware": 50,
    "crawler.manners.robots.RobotsMiddleware": 100,
    "crawler.render.middleware.RenderMiddleware": 540,  # judges the last answer, behind all that ask again
    "crawler.manners.retry_after.RetryAfterMiddleware": 560,
    "crawler.fetch.redirects.MetaRefreshMiddleware": 580,
    "crawler.fetch.redirects.RedirectMiddleware": 600,
    "crawler.fetch.cookies.BoundedCookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # decodes what nobody reads
    "crawler.discovery.peek.PeekMiddleware": 590,
    "crawler.fetch.conditional.ConditionalMiddleware": 950,
    "crawler.fetch.capture.CaptureMiddleware": 990,  # nearest to the network: sees every exchange as it came
}
SPIDER_MIDDLEWARES = {  # each costs a generator a response
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # an error page is an outcome, for the spider
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # tells sites nothing that they did not ask for
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # Scope knows; a document would wait for ever
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # Reading counts its own
}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # progress is the command's
    "scrapy.extensions.memusage.MemoryUsage": None,
    "crawler.manners.caps.Caps": 100,
    "crawler.attempts.alone.Alone": 10,
}
CONCURRENT_ITEMS = 1  # no callback yields items, and each response would start as many tasks to process them

ROBOTSTXT_OBEY = True  # by crawler.manners.robots, RFC 9309
RETRY_HTTP_CODES = [500, 502, 504, 520, 522, 524]  # 429 and 503 are RetryAfterMiddleware's
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [  # Scrapy's but for its own handler's TunnelError: loading that handler takes a third of a second
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionLost",
    OSError,
]
REDIRECT_MAX_TIMES = 10
DOWNLOAD_VERIFY_CERTIFICATES = True  # crawler.fetch.wire says why
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 << 20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a cut page is no page; what came of it is kept as truncated
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8  # reached only where the delay is 0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
