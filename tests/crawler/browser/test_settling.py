"""Pages in a real Chromium: what is waited for, and what holds nobody up."""

import asyncio
import http.server
import time
from dataclasses import replace

import pytest

from crawler.browser.asked import Rendered
from crawler.browser.program.chromium import Chromium
from crawler.fetch.failures import Unfetched
from tests.crawler.browser.stage import PIXEL, Kept, Stage, answer, asking, endless
from tests.ports import closed_port

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAGRAPH = "<p>The council met on Tuesday and spoke at length about the bridge, its railings and their colour.</p>"


async def test_images_that_wait_to_be_seen_are_loaded(stage: Stage, chromium: Chromium) -> None:
    """By scrolling through, also those that a script loads when they come into view."""
    stage.put("/pixel/*", PIXEL, kind="image/png")
    lazy = "".join(
        f"<div style='height:900px'><img loading=lazy width=9 height=9 src=/pixel/{number}></div>"
        for number in range(8)
    )
    script = """<img id=late width=9 height=9><script>
      new IntersectionObserver((seen) => { if (seen[0].isIntersecting) late.src = "/pixel/late" }).observe(late)
    </script>"""
    kept = Kept()
    url = stage.put("/lazy", f"<!doctype html><title>Lazy</title>{lazy}{script}")
    rendered = await chromium.render(asking(url, keep=kept))
    wanted = [f"{stage.url}/pixel/{name}" for name in [*range(8), "late"]]
    assert set(wanted) <= set(kept.urls)
    assert set(wanted) <= set(rendered.seen)
    assert rendered.facts["scrolled"] > 8


@pytest.mark.parametrize("within", ["document.body", "host.attachShadow({ mode: 'open' })"])
async def test_a_page_behind_a_splash_screen_is_waited_for(stage: Stage, chromium: Chromium, within: str) -> None:
    """Its scripts take their time, and nothing is under way meanwhile; what comes then may need more."""
    stage.put("/late.json", '{"more": "And the railings are blue."}', kind="application/json")
    url = stage.put(
        "/splash",
        f"""<!doctype html><title>Bridge</title><div class=splash>One moment</div><div id=host></div><script>
        setTimeout(async () => {{
          const root = {within};
          root.append(Object.assign(document.createElement("div"), {{ innerHTML: "{PARAGRAPH * 3}" }}));
          root.append((await (await fetch("/late.json")).json()).more);
        }}, 2500)</script>""",
    )
    rendered = await chromium.render(asking(url))
    assert rendered.dom.count(PARAGRAPH) == 6  # once in the script
    assert "And the railings are blue." in rendered.dom


async def test_a_page_that_never_says_more_is_taken_as_it_is(stage: Stage, chromium: Chromium) -> None:
    """After a while, where it looks as if it would."""
    url = stage.put("/terse", "<!doctype html><div id=root>One moment</div><script>let a</script>")
    assert '<div id="root">One moment</div>' in (await chromium.render(asking(url))).dom


async def test_a_page_that_grows_for_ever_is_followed_for_a_while(stage: Stage, chromium: Chromium) -> None:
    """Infinite scroll has a bound in height."""
    url = stage.put(
        "/infinite",
        """<!doctype html><style>div { height: 1000px }</style><div>0</div><div>1</div><script>
        let n = 2;
        addEventListener("scroll", () => {
          if (scrollY + innerHeight > document.body.scrollHeight - 500) {
            for (let k = 0; k < 3; k++) document.body.append(
              Object.assign(document.createElement("div"), { textContent: n++ }));
          }
        });
        </script>""",
    )
    rendered = await chromium.render(asking(url))
    assert rendered.facts["grew"] == 1
    assert 10 < rendered.dom.count("<div>") < 40


PANE = """<!doctype html><style>html, body, #root { height: 100%; margin: 0; overflow: hidden }
#shell { display: flex; flex-direction: column; height: 100% } #pane { flex: 1; overflow: auto }
.part { height: 500px }</style><div id=root><header>Courier</header><div id=shell><div id=pane>
<div id=parts><p class=part>part 0</p><p class=part>part 1</p></div><i id=end>end</i></div></div></div><script>
const add = (text) => parts.insertAdjacentHTML("beforeend", `<p class=part>${text}</p>`);
SCRIPT</script>"""


SEEN = """new IntersectionObserver((seen) => seen.at(-1).isIntersecting && more(), { root: pane }).observe(end)"""
NEARED = """let away = true; pane.addEventListener("scroll", () => {
  const below = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
  if (below < 5 && away) more();
  away = below > 300;
});"""


@pytest.mark.parametrize("grows", [SEEN, NEARED], ids=["seen", "neared"])
async def test_what_grows_within_a_pane_of_its_own_is_followed_to_its_end(
    stage: Stage, chromium: Chromium, grows: str
) -> None:
    """Part after part, each fetched when the end of the one before is seen, or neared anew; the page never scrolls."""

    def part(request: http.server.BaseHTTPRequestHandler) -> None:
        stage.over.wait(0.2)
        answer(request, request.path.partition("?")[2].encode())

    stage.put("/part", part)
    script = """let n = 2;
      const more = async () => n > 12 || add("part " + await (await fetch("/part?" + n++)).text());"""
    rendered = await chromium.render(asking(stage.put("/pane", PANE.replace("SCRIPT", script + grows))))
    assert [f"part {number}<" in rendered.dom for number in range(14)] == [True] * 13 + [False]
    assert "grew" not in rendered.facts


async def test_what_is_left_while_it_still_grows_is_told(stage: Stage, chromium: Chromium) -> None:
    """Each time that it was scrolled through, a part comes."""
    script = """let n = 2, isBelow = false;
      pane.addEventListener("scroll", () => {
        if (pane.scrollTop === 0 && isBelow) add("part " + n++);
        isBelow = pane.scrollTop > 0;
      });"""
    rendered = await chromium.render(asking(stage.put("/pane-on", PANE.replace("SCRIPT", script))))
    assert rendered.facts["grew"] == 1
    assert "part 6<" in rendered.dom


async def test_the_rest_of_an_article_is_opened(stage: Stage, chromium: Chromium) -> None:
    """What is clipped, what is hidden, and what is fetched when its button is pressed."""
    url = stage.put(
        "/expand",
        f"""<!doctype html><article><h1>Bridge</h1>
        <div id=one style='height:40px;overflow:hidden'>{PARAGRAPH * 9}</div>
        <button onclick="one.style.height='auto';this.remove()">Weiterlesen …</button>
        <button aria-expanded=false onclick="this.remove();
          fetch('/rest').then(a => a.text()).then(t => two.innerHTML = t)">Lire la suite</button><div id=two></div>
        <div hidden id=three>{PARAGRAPH * 2}</div>
        <a href="#" onclick="three.hidden=false;this.remove();return false">» もっと読む</a></article>""",
    )
    stage.put("/rest", "<p>fetched rest</p>")
    rendered = await chromium.render(asking(url))
    assert rendered.facts["expanded"] == 3
    assert "fetched rest" in rendered.dom
    assert "Weiterlesen" not in rendered.dom
    assert f"{stage.url}/rest" in rendered.seen


async def test_nothing_is_pressed_that_leads_elsewhere(stage: Stage, chromium: Chromium) -> None:
    """Links, forms, comments, sharing, subscriptions, dialogs, and what holds nothing back."""
    press = "onclick=\"fetch('/pressed')\""
    hidden = f"<p style='display:none'>{PARAGRAPH}</p>"
    url = stage.put(
        "/tempting",
        f"""<!doctype html><article>{PARAGRAPH}{hidden}
        <a href=/elsewhere {press}>Read more</a> <a href="/elsewhere#x" {press}><button {press}>Read more</button></a>
        <form action=/elsewhere><button {press}>Continue reading</button></form>
        <div class="comments-list"><button aria-expanded=false {press}>Show more</button></div>
        <div id=share><button aria-expanded=false {press}>Mehr anzeigen</button></div>
        <section class=paywall-teaser><button aria-expanded=false {press}>Continue reading</button></section>
        <aside><button aria-expanded=false {press}>Read more</button></aside>
        <div role=dialog><button aria-expanded=false {press}>Read more</button></div>
        <button aria-expanded=false {press}>Subscribe</button><button aria-expanded=true {press}>Buy now</button>
        </article><main></main><button aria-expanded=false {press}>Read more</button>
        <article>{PARAGRAPH}<button {press}>Read more</button></article>""",
    )
    rendered = await chromium.render(asking(url))
    assert rendered.facts.get("expanded", 0) == 0
    assert stage.count("/pressed") == stage.count("/elsewhere") == 0


async def test_an_expander_cannot_lead_the_page_away(stage: Stage, chromium: Chromium) -> None:
    """A button that turns out to navigate leaves the page where it is."""
    url = stage.put(
        "/trap",
        f"""<!doctype html><article>{PARAGRAPH}
        <button aria-expanded=false onclick="location='/login'">Read more</button>""",
    )
    rendered = await chromium.render(asking(url))
    assert rendered.url == url
    assert "The council met" in rendered.dom
    assert stage.count("/login") == 0
    assert rendered.missing[f"{stage.url}/login"] == "not-followed"


async def test_what_loads_for_ever_holds_nobody_up(stage: Stage, chromium: Chromium) -> None:
    """A dripping image, an event stream, a long poll, beacons every moment, a video that streams."""
    stage.put("/drip", endless(stage, b"x", kind="image/png"))
    stage.put("/events", endless(stage, b"data: x\n\n", kind="text/event-stream"))
    stage.put("/video", endless(stage, b"\0" * 1000, kind="video/mp4"))
    stage.put("/poll", lambda _: stage.over.wait(200))
    stage.put("/beacon", b"", kind="text/plain")
    url = stage.put(
        "/endless",
        f"""<!doctype html>{PARAGRAPH}<img src=/drip><video src=/video autoplay muted></video><script>
        new EventSource("/events"); fetch("/poll");
        setInterval(() => navigator.sendBeacon("/beacon", "x"), 200);
        </script>""",
    )
    began = time.monotonic()
    rendered = await chromium.render(asking(url, budget=120))
    assert "The council met" in rendered.dom
    assert time.monotonic() - began < 120
    assert rendered.facts["endless"] == 1
    assert {rendered.missing[f"{stage.url}/{name}"] for name in ("events", "video")} == {"endless"}


async def test_dialogs_are_dismissed_and_counted(stage: Stage, chromium: Chromium) -> None:
    """Alert, confirm (no), prompt (nothing), print, and a loop of alerts."""
    url = stage.put(
        "/dialogs",
        """<!doctype html><p id=told></p><script>
        onbeforeunload = () => "stay";
        print(); alert("one");
        told.textContent = [confirm("two"), prompt("three")];
        try { while (true) alert("again") } catch { document.body.append("loop over") }
        </script>""",
    )
    rendered = await chromium.render(asking(url))
    assert '<p id="told">false,</p>' in rendered.dom
    assert "loop over" in rendered.dom
    assert rendered.facts["dialogs"] == 9  # and a print, of ten


async def test_a_page_that_hangs_is_taken_as_it_stands(stage: Stage, chromium: Chromium) -> None:
    """Its script is interrupted, and switched off when it begins again."""
    scripts = {
        "/hangs-at-once": "while (true);",
        "/hangs-again": "setInterval(() => { while (true); }, 10)",
        "/alerts-that-catch": "setInterval(() => { while (true) try { alert(1) } catch {} }, 10)",
    }
    urls = [stage.put(path, f"<!doctype html>{PARAGRAPH}<script>{script}</script>") for path, script in scripts.items()]
    for rendered in await asyncio.gather(*(chromium.render(asking(url, site_key=url)) for url in urls)):
        assert "The council met" in rendered.dom
        assert rendered.view is not None
        assert rendered.facts["interruptions"] >= 1


async def test_popups_and_downloads_are_refused_and_counted(stage: Stage, chromium: Chromium) -> None:
    """Neither is asked for."""
    stage.put("/file", b"file", kind="application/zip", content_disposition="attachment")
    url = stage.put(
        "/popups",
        f"""<!doctype html>{PARAGRAPH}<iframe src=/file></iframe><script>
        open("/popup"); open("/popup");
        </script>""",
    )
    rendered = await chromium.render(asking(url))
    assert rendered.facts["popups"] == 2
    assert rendered.facts["downloads"] == 1
    assert stage.count("/popup") == 0


async def test_a_page_that_is_a_file_fails_with_a_reason(stage: Stage, chromium: Chromium) -> None:
    """There is nothing to be shown."""
    url = stage.put("/report.zip", b"PK", kind="application/zip", content_disposition="attachment")
    with pytest.raises(Unfetched) as failure:
        await chromium.render(asking(url))
    assert failure.value.reason == "no-page"


async def test_a_page_that_leads_on_for_ever_is_stopped(stage: Stage, chromium: Chromium) -> None:
    """After three navigations of its own; frames within it still load."""

    def hop(request: http.server.BaseHTTPRequestHandler) -> None:
        number = int(request.path.partition("?")[2])
        script = f"<script>location = '/hop?{number + 1}'</script>"
        answer(request, f"<!doctype html><p>hop {number}</p><iframe src=/inner></iframe>{script}".encode())

    stage.put("/hop", hop)
    stage.put("/inner", "<p>inner</p>")
    rendered = await chromium.render(asking(f"{stage.url}/hop?0"))
    assert rendered.url == f"{stage.url}/hop?3"
    assert "hop 3" in rendered.dom
    assert rendered.facts["navigations"] == 4
    assert f"{stage.url}/inner" in rendered.seen
    assert stage.count("/hop") == 4
    assert rendered.missing[f"{stage.url}/hop?4"] == "navigates-on"


async def test_an_error_page_is_an_answer(stage: Stage, chromium: Chromium) -> None:
    """It is a page like any other, with its status."""
    rendered = await chromium.render(asking(f"{stage.url}/nowhere"))
    assert (rendered.status, "nothing here" in rendered.dom) == (404, True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:CLOSED/", "connection-refused"),
        ("http://no-such-host.invalid/", "no-such-host"),
        ("http://10.255.255.1:81/", "private-address"),
    ],
    ids=["refused", "no host", "private"],
)
async def test_what_the_network_refuses_fails_as_plain_http_does(
    stage: Stage, chromium: Chromium, url: str, reason: str
) -> None:
    """With the same words."""
    with closed_port() as port:
        asked = asking(url.replace("CLOSED", str(port)), site_key=reason)
        if "127" not in url:
            asked = replace(asked, allowed=frozenset())
        with pytest.raises(Unfetched) as failure:
            await chromium.render(asked)
    assert failure.value.reason == reason


async def test_settling_a_plain_page_takes_little(stage: Stage, chromium: Chromium) -> None:
    """Nothing is waited for that is not there."""
    url = stage.put("/plain", f"<!doctype html>{PARAGRAPH}")
    times: list[Rendered] = [await chromium.render(asking(url)) for _ in range(2)]
    assert min(one.facts["milliseconds"] for one in times) < 10_000
