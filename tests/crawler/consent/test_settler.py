"""Banners of many makes, in a real browser."""

import asyncio
import json
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, Error, Route

from archive.consent import Consent
from crawler.consent import Settler
from crawler.consent.devtools import Devtools, session_of
from crawler.consent.looking import Looker
from tests.crawler.consent.papers import Paper, bar, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKS = "We use cookies and similar technologies to improve your experience."
BOTH: Mapping[str, str] = {"accept": "Accept all", "reject": "Reject all"}


async def settled(browser: Browser, url: str, *, policy: str = "reject") -> tuple[Consent, list[str]]:
    """Opens the page, settles it; returns what came of it and what was pressed."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        tab = await context.new_page()
        settler = await Settler.attach(tab, policy=policy)
        await tab.goto(url)
        consent = await settler.settle()
        return consent, list(await tab.evaluate("window.choices"))
    finally:
        await context.close()


async def test_a_page_without_a_banner_is_left_alone(browser: Browser, paper: Paper) -> None:
    consent, pressed = await settled(browser, paper.put("plain", page("")))
    assert (consent.outcome, consent.platform, pressed) == ("none", None, [])


async def test_a_known_platform_is_refused_by_its_rule(browser: Browser, paper: Paper) -> None:
    buttons = "".join(
        f"<button id=onetrust-{name}-handler onclick=\"choose('{choice}')\">{label}</button>"
        for name, choice, label in (("accept-btn", "accept", "Accept"), ("reject-all", "reject", "Reject All"))
    )
    banner = f"<div id=onetrust-banner-sdk data-wall style='position:fixed;bottom:0;width:100%'>{ASKS}{buttons}</div>"
    consent, pressed = await settled(browser, paper.put("onetrust", page(banner)))
    assert pressed == ["reject"]
    assert (consent.outcome, consent.platform, consent.action, consent.label, consent.clicks) == (
        "rejected",
        "Onetrust",
        "rule",
        "Reject All",
        1,
    )


async def test_an_unknown_banner_is_refused(browser: Browser, paper: Paper) -> None:
    consent, pressed = await settled(browser, paper.put("bar", page(bar(ASKS, BOTH))))
    assert pressed == ["reject"]
    assert (consent.outcome, consent.platform, consent.action, consent.label) == (
        "rejected",
        "fallback",
        "click",
        "Reject all",
    )


async def test_a_closed_shadow_root_hides_nothing_from_us(browser: Browser, paper: Paper) -> None:
    script = f"""<script>customElements.define("my-wall", class extends HTMLElement {{
      connectedCallback() {{
        const root = this.attachShadow({{ mode: "closed" }});
        root.innerHTML = {json.dumps(bar(ASKS, BOTH))};
      }} }})</script><my-wall data-wall></my-wall>"""
    _, pressed = await settled(browser, paper.put("closed", page(script)))
    assert pressed == ["reject"]


async def test_a_closed_root_that_stands_in_the_html_is_reached(browser: Browser, paper: Paper) -> None:
    """No script made it, so none can be asked for it: the browser is."""
    wall = f"<my-wall data-wall><template shadowrootmode=closed>{bar(ASKS, BOTH)}</template></my-wall>"
    consent, pressed = await settled(browser, paper.put("declared", page(wall)))
    assert (consent.outcome, pressed) == ("rejected", ["reject"])


INSISTS = (
    "<script>addEventListener('click', (event) => event.isTrusted || event.stopImmediatePropagation(), true)</script>"
)


async def test_a_button_that_hears_nobody_but_a_person_is_pressed_by_mouse(browser: Browser, paper: Paper) -> None:
    """Once its banner did nothing upon a press by script."""
    consent, pressed = await settled(browser, paper.put("insists", page(bar(ASKS, BOTH), head=INSISTS)))
    assert (consent.outcome, consent.clicks, pressed) == ("rejected", 2, ["reject"])


async def test_the_mouse_presses_nothing_that_lies_over_a_button(browser: Browser, paper: Paper) -> None:
    """Neither what did before, nor what slips over it at the last moment."""
    sheet = "position:fixed;bottom:0;left:0;right:0;height:50%;z-index:999;opacity:.01"
    over = f"<a href='/elsewhere' style='{sheet}' onclick=\"choose('outside')\">Subscribe to the paper</a>"
    late = "<script>addEventListener('pointermove', () => { document.getElementById('late').hidden = false })</script>"
    hidden = over.replace("<a ", "<a hidden id=late ")
    pages = {"over": over, "late": hidden + late}
    urls = [paper.put(name, page(bar(ASKS, BOTH) + more, head=INSISTS)) for name, more in pages.items()]
    for consent, pressed in await asyncio.gather(*(settled(browser, url) for url in urls)):
        assert (consent.outcome, pressed) == ("hidden", [])


async def test_who_only_may_agree_has_the_banner_hidden(browser: Browser, paper: Paper) -> None:
    consent, pressed = await settled(browser, paper.put("agree", page(bar(ASKS, {"accept": "Accept"}))))
    assert (consent.outcome, consent.action, pressed) == ("hidden", "hide", [])


async def test_whoever_is_told_to_accept_does(browser: Browser, paper: Paper) -> None:
    consent, pressed = await settled(browser, paper.put("accepts", page(bar(ASKS, BOTH))), policy="accept")
    assert (consent.outcome, consent.label, pressed) == ("accepted", "Accept all", ["accept"])


async def test_whoever_is_told_to_leave_it_only_tells_what_stands_there(browser: Browser, paper: Paper) -> None:
    consent, pressed = await settled(browser, paper.put("leaves", page(bar(ASKS, BOTH))), policy="leave")
    assert (consent.outcome, consent.platform, consent.clicks, pressed) == ("none", "fallback", 0, [])


async def test_the_page_is_looked_at_once_before_the_first_click(browser: Browser, paper: Paper) -> None:
    url = paper.put("twice", page(bar(ASKS, BOTH) + bar(ASKS, {"ok": "OK"}, style="position:fixed;top:0")))
    tab = await browser.new_page()
    before: list[list[str]] = []

    async def look() -> None:
        before.append(list(await tab.evaluate("window.choices")))

    settler = await Settler.attach(tab, policy="reject", on_found=look)
    await tab.goto(url)
    await settler.settle()
    assert before == [[]]
    await tab.close()


async def test_what_stood_there_is_marked_for_who_reads_the_document(browser: Browser, paper: Paper) -> None:
    url = paper.put("marked", page(bar(ASKS, {"accept": "Accept"})))
    tab = await browser.new_page()
    settler = await Settler.attach(tab, policy="reject")
    await tab.goto(url)
    await settler.settle()
    marked = "[...document.querySelectorAll('[data-microfiche-consent]')].map((one) => one.dataset.microficheConsent)"
    assert await tab.evaluate(marked) == ["hidden"]
    await tab.close()


async def test_a_button_that_leads_away_after_all_is_gone_back_from(browser: Browser, paper: Paper) -> None:
    """It counts as no choice, and the banner is hidden."""
    paper.put("elsewhere", "<title>Elsewhere</title>")
    buttons = "<button onclick=\"location.href = '/elsewhere'\">Reject all</button>"
    banner = f"<div style='position:fixed;bottom:0;width:100%'><p>{ASKS}</p>{buttons}</div>"
    url = paper.put("leads-away", page(banner))
    tab = await browser.new_page()
    settler = await Settler.attach(tab, policy="reject")
    await tab.goto(url)
    consent = await settler.settle()
    assert (consent.outcome, tab.url) == ("hidden", url)
    await tab.close()


async def test_a_page_sees_nothing_of_us(browser: Browser, paper: Paper) -> None:
    """No name in its window, and functions that print as native."""
    url = paper.put("unseen", page(bar(ASKS, BOTH)))
    plain = await browser.new_page()
    await plain.goto(url)
    names = "Object.getOwnPropertyNames(window).sort()"
    expected = await plain.evaluate(names)
    tab = await browser.new_page()
    settler = await Settler.attach(tab, policy="reject")
    await tab.goto(url)
    await settler.settle()
    assert await tab.evaluate(names) == expected
    assert "[native code]" in await tab.evaluate("String(Element.prototype.attachShadow) + String(setTimeout)")
    assert await tab.evaluate("setTimeout.name") == "setTimeout"
    await plain.close()
    await tab.close()


async def test_what_comes_after_the_last_look_is_settled_before_the_page_is_taken(
    browser: Browser, paper: Paper
) -> None:
    """By no timer that anybody could have known of."""
    wall = page(f"<template id=late>{bar(ASKS, BOTH)}</template>")
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    tab = await context.new_page()
    settler = await Settler.attach(tab, policy="reject")
    await tab.goto(paper.put("comes-last", wall))
    assert [(await settler.settle()).outcome, (await settler.settle_late()).outcome] == ["none", "none"]
    assert (await settler.settle_last()).outcome == "none"
    await tab.evaluate("document.body.append(document.getElementById('late').content)")
    assert (await settler.settle_last()).outcome == "rejected"
    assert await tab.evaluate("window.choices") == ["reject"]
    await context.close()


SLOW = """<script>const walker = document.createTreeWalker; document.createTreeWalker = function (...given) {
  for (const until = performance.now() + (window.isAsked ? 0 : 1500); performance.now() < until;) window.isAsked = true;
  return walker.apply(this, given);
}</script>"""


async def test_a_frame_that_is_slow_to_answer_is_looked_into(browser: Browser, paper: Paper) -> None:
    """As all frames are on a busy machine."""
    frame = bar(ASKS, BOTH).replace("choose(", "parent.choose(")
    paper.put("slow-frame", SLOW + frame)
    over = "<iframe data-wall src=/slow-frame style='position:fixed;bottom:0;left:0;width:100%;height:200px'></iframe>"
    consent, pressed = await settled(browser, paper.put("slow-framed", page(over)))
    assert (consent.outcome, pressed) == ("rejected", ["reject"])


async def test_a_frame_without_a_document_is_expected_to_have_one(browser: Browser, paper: Paper) -> None:
    """Its server has not answered yet; nobody waits for a word from it, only for the document."""
    over = "<iframe src=/late-frame style='position:fixed;bottom:0;left:0;width:100%;height:200px'></iframe>"
    paper.put("late-frame", bar(ASKS, BOTH))
    answers = asyncio.Event()
    tab = await browser.new_page()

    async def answer(route: Route) -> None:
        await answers.wait()
        await route.continue_()

    await tab.route("**/late-frame", answer)
    looker = Looker(tab, session=await session_of(tab))
    await looker.attach()
    await tab.goto(paper.put("late-framed", page(over)), wait_until="commit")
    await tab.wait_for_selector("iframe")
    found = await looker.look()
    assert ([one.banners for one in found], await looker.expects(found)) == ([()], True)
    answers.set()
    while not any(one.banners for one in found):
        await looker.change(found, seconds=60)
        found = await looker.look()
    assert not await looker.expects(found)
    await tab.close()


async def test_who_asks_for_the_worlds_of_a_page_that_is_gone_leaves_no_ear_there(browser: Browser) -> None:
    """The session may be another's, and outlive the question."""
    tab = await browser.new_page()
    session = await session_of(tab)
    await tab.close()
    with pytest.raises(Error):
        await Devtools(session).open_roots_in_frames("[]", channel="x")
    assert session._impl_obj.listeners("Runtime.executionContextCreated") == []
