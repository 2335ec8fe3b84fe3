"""What is taken of a page in a real Chromium, and the records that keep it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.records import Record, iter_records
from archive.spool import Spool
from archive.warc import WarcWriter
from crawler.attempts.attempt import Recording
from crawler.browser.program.chromium import Chromium
from crawler.browser.records import keep_rendered
from tests.crawler.browser.stage import PIXEL, Stage, asking

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORES = "localStorage.k = 'lö'; sessionStorage.s = '1'; document.cookie = 'c=1'"


async def test_the_dom_is_whole(stage: Stage, chromium: Chromium) -> None:
    """With its doctype, what scripts made of it, and open shadow roots, nested ones too, as declarative ones."""
    url = stage.put(
        "/dom",
        """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
        <html lang=en data-x='"&lt;'><head><title>Öl</title><noscript><img src=/no></noscript></head><body>
        <div id=host>slotted</div><script>
        const outer = host.attachShadow({ mode: "open" });
        outer.innerHTML = "<p>outer</p><slot></slot><section></section>";
        outer.querySelector("section").attachShadow({ mode: "open" }).innerHTML = "<p>inner</p>";
        document.body.append("made by a script", String.fromCharCode(0xd800));
        Element.prototype.getHTML = () => "spoilt"; window.Array = null;
        </script></body></html>""",
    )
    dom = (await chromium.render(asking(url))).dom
    assert dom.startswith(
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html lang="en" data-x="&quot;'
    )
    assert (
        '<div id="host"><template shadowrootmode="open"><p>outer</p><slot></slot><section>'
        '<template shadowrootmode="open"><p>inner</p></template></section></template>slotted</div>'
    ) in dom
    assert "<noscript><img src=/no></noscript>" in dom
    assert "made by a script�" in dom
    assert dom.endswith("</body></html>")


async def test_pictures_show_the_whole_page_and_a_screenful(stage: Stage, chromium: Chromium) -> None:
    """As wide as the window; animations stand still, so that two pictures are the same."""
    url = stage.put(
        "/pictures",
        """<!doctype html><style>body { margin: 0 } div { height: 3000px; background: rgb(0, 128, 0) }
        @keyframes away { to { transform: translateX(1000px) } } @keyframes in { from { opacity: 0 } }
        b { position: absolute; animation: away 3s infinite linear } i { animation: in 90s }</style>
        <div><b>moving</b><br><i>fading in</i></div>""",
    )
    first, second = [await chromium.render(asking(url)) for _ in range(2)]
    assert first.view is not None
    assert first.thumbnail is not None
    assert first.view == second.view
    view, thumbnail = Image.open(io.BytesIO(first.view)), Image.open(io.BytesIO(first.thumbnail))
    assert (view.format, view.size, view.convert("RGB").getpixel((600, 2900))) == ("PNG", (1280, 3000), (0, 128, 0))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (640, 400))
    assert (first.before, first.after) == (None, None)


async def test_a_tall_page_is_pictured_to_a_bound(stage: Stage, chromium: Chromium) -> None:
    """16,384 pixels, whatever its height."""
    url = stage.put("/tall", "<!doctype html><div style='height:50000px'>tall</div>")
    view = (await chromium.render(asking(url))).view
    assert view is not None
    assert Image.open(io.BytesIO(view)).size == (1280, 16_384)


async def test_what_a_page_stores_is_kept(stage: Stage, chromium: Chromium) -> None:
    """Cookies, and the storage of every origin in it, frames of other sites included."""
    stage.put("/frame", f"<script>{STORES}</script>")
    url = stage.put("/stores", f"<!doctype html><iframe src={stage.other}/frame></iframe><script>{STORES}</script>")
    storage = (await chromium.render(asking(url, site_key="stores"))).storage
    assert [(cookie["name"], cookie["value"], cookie["domain"]) for cookie in storage["cookies"]] == [
        ("c", "1", "127.0.0.1")
    ]  # the frame's was a third party's
    assert storage["localStorage"] == {stage.url: {"k": "lö"}, stage.other: {"k": "lö"}}
    assert storage["sessionStorage"] == {stage.url: {"s": "1"}, stage.other: {"s": "1"}}


async def test_a_site_keeps_its_cookies_and_its_cache(stage: Stage, chromium: Chromium) -> None:
    """What the cache gives to a later page is asked for once, and told with the capture of the first."""
    stage.put("/shared.png", PIXEL, kind="image/png", cache_control="max-age=600")
    urls = [
        stage.put(f"/cached-{number}", f"<!doctype html><img src=/shared.png><script>{STORES}</script>")
        for number in (1, 2)
    ]
    first, second = [await chromium.render(asking(url, site_key="cached")) for url in urls]
    shared = f"{stage.url}/shared.png"
    assert stage.count("/shared.png") == 1
    assert second.seen[shared] == first.seen[shared]
    other = await chromium.render(asking(urls[0], site_key="another"))
    assert stage.count("/shared.png") == 2
    assert [cookie["name"] for cookie in other.storage["cookies"]] == ["c"]


async def test_the_records_of_a_page(stage: Stage, chromium: Chromium, tmp_path: Path) -> None:
    """In their order, the page's facts last, all with the date of the document."""
    folder = Spool(tmp_path).begin("20261122105500k3v9qa", 1, facts={})
    recording = Recording(folder, WarcWriter(folder.path, prefix=folder.name, info={}))

    async def keep(exchange: Any, *, is_page: bool) -> Any:
        return await recording.exchange(exchange)

    url = stage.put("/whole", f"<!doctype html><title>x</title><p>ö<script>{STORES}; throw new Error('x')</script>")
    rendered = await chromium.render(asking(f"{url}#part", keep=keep, site_key="whole"))
    await keep_rendered(recording, rendered, attempt=folder.name)
    await recording.seal()
    folder.close()
    records = _records(folder.path)
    response = next(record for record in records if (record.type, record.uri) == ("response", url))
    rest = [record for record in records if record.type in {"resource", "metadata"}]
    assert [(record.type, record.uri, record.field("Content-Type")) for record in rest] == [
        ("resource", f"urn:dom:{url}", "text/html; charset=utf-8"),
        ("resource", f"urn:view:{url}", "image/png"),
        ("resource", f"urn:thumbnail:{url}", "image/jpeg"),
        ("metadata", url, "application/json"),
        ("resource", f"urn:pageinfo:{url}", "application/json"),
    ]
    assert {record.date for record in [*rest, response]} == {rendered.date}
    assert rest[0].body == rendered.dom.encode()
    metadata, info = json.loads(rest[3].body), json.loads(rest[4].body)
    assert rest[3].field("WARC-Concurrent-To") == response.id
    assert metadata["localStorage"] == {stage.url: {"k": "lö"}}
    assert metadata["consent"] == info["consent"] == rendered.consent.told()
    assert info["rendered"] is True
    assert info["counts"] == {"jsErrors": 1}
    assert info["storage"]["cookies"][0]["name"] == "c"
    assert info["facts"]["exchanges"] == len([record for record in records if record.type == "response"])
    assert info["urls"][url]["digest"] == response.digest
    assert info["urls"][url]["type"] == "document"


def _records(folder: Path) -> list[Record]:
    (path,) = folder.glob("*.warc.gz")
    with path.open("rb") as file:
        return list(iter_records(file))
