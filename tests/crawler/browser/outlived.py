"""A program that renders a page which hangs, to be killed: tells the ids of the browser's processes."""

import asyncio
import http.server
import sys

from tests.crawler.browser.stage import answer, asking, browsing, staged

HANGS = b"<!doctype html>hangs<script>setInterval(() => { while (true); }, 1)</script>"


async def main() -> None:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def serve(request: http.server.BaseHTTPRequestHandler) -> None:
        answer(request, HANGS)
        loop.call_soon_threadsafe(asked.set)

    with staged() as stage:
        stage.put("/hangs", serve)
        async with browsing() as chromium:
            page = asyncio.ensure_future(chromium.render(asking(f"{stage.url}/hangs")))
            await asked.wait()
            sys.stdout.write(" ".join(str(process.pid) for process in chromium.processes()) + "\n")
            sys.stdout.flush()
            await page
    sys.exit("nobody killed it")


if __name__ == "__main__":
    asyncio.run(main())
