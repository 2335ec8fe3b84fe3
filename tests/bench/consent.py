"""What becomes of consent banners: the newspaper's walls, real consent scripts, and pages that only look like it."""

import asyncio
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console
from rich.table import Table

from archive.consent import Consent
from crawler.consent import Settler
from tests.machine import ROOT
from tests.newsroom import Newsroom
from tests.newsroom.tempting import TEMPTING
from tests.newsroom.walls import NPM_WALLS, WALLS, Choice, Wall
from tests.newsroom.walls.npm import fetched

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-site-isolation-trials "
    "--disable-features=IsolateOrigins,site-per-process"
)
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
SHOWN = """(wanted) => {
  const fold = (text) => text.replace(/\\s+/g, " ");
  const above = (one) => one.parentElement || one.getRootNode().host;
  const isFixed = (one) => one && (getComputedStyle(one).position === "fixed" || isFixed(above(one)));
  const texts = [];
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) walk(one.shadowRoot);
      for (const node of one.childNodes) {
        if (node.nodeType !== 3 || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const box = one.getBoundingClientRect();
        const isOff = box.top >= innerHeight || box.bottom <= 0 || box.left >= innerWidth || box.right <= 0;
        const away = isOff && isFixed(one);
        if (box.width > 1 && box.height > 1 && !away && !/^(SCRIPT|STYLE)$/.test(one.tagName)) texts.push(node.data);
      }
    }
  };
  walk(document);
  const all = fold(texts.join(" "));
  return wanted.filter((one) => all.includes(fold(one)));
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One page, what was done to it, and what the page says was done."""

    wall: Wall
    kind: str  # "wall", "script" or "tempting"
    consent: Consent
    choices: tuple[str, ...]
    still_shown: tuple[str, ...]

    @property
    def detected(self) -> bool:
        return self.consent.outcome != "none"

    @property
    def refused(self) -> bool:
        by_interface = self.consent.action == "rule" and not self.choices  # Klaro's, Didomi's: no button is pressed
        told = by_interface or bool({"reject", "save-none"} & set(self.choices))
        return self.consent.outcome == "rejected" and told

    @property
    def gone(self) -> bool:
        return not self.still_shown and self.consent.outcome != "failed"

    @property
    def accepted(self) -> bool:
        return bool({"accept", "pay", "save-some"} & set(self.choices))

    @property
    def is_right(self) -> bool:
        """Whether it ended as it may, and nothing was pressed that must not be."""
        is_free = self.gone or self.consent.outcome in ("pay_wall", "none")
        return self.consent.outcome in self.wall.outcomes and not self.accepted and is_free

    def told(self) -> str:
        """Returns a line about a page that went wrong."""
        consent = self.consent
        return (
            f"{self.wall.name}: {consent.outcome} by {consent.action} {consent.label!r} of {consent.platform}"
            f" in {consent.milliseconds} ms, wanted {'/'.join(self.wall.outcomes)}"
            f"; pressed {' '.join(self.choices) or '-'}; shown {len(self.still_shown)} {consent.detail or ''}"
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """All pages, and the shares that count."""

    pages: tuple[Settled, ...]

    def of(self, *kinds: str) -> list[Settled]:
        return [one for one in self.pages if one.kind in kinds]

    @property
    def numbers(self) -> Mapping[str, float]:
        """Shares in percent, counts and milliseconds."""
        banners, tempting = self.of("wall", "script"), self.of("tempting")
        shut = [one for one in banners if "none" not in one.wall.outcomes]
        free = [one for one in shut if "pay_wall" not in one.wall.outcomes]
        offering = [one for one in free if one.wall.offers_reject]
        done = [one for one in banners if one.consent.outcome not in ("none", "failed", "pay_wall")]
        known = [one.consent.milliseconds for one in done if one.consent.platform != "fallback"]
        unknown = [one.consent.milliseconds for one in done if one.consent.platform == "fallback"]
        return {
            "banners": len(banners),
            "detected %": _share(shut, "detected"),
            "rejected of those that offer it %": _share(offering, "refused"),
            "gone by any means %": _share(free, "gone"),
            "accepts not asked for": sum(one.accepted for one in banners),
            "as it should be %": _share(banners, "is_right"),
            "known platform, median ms": median(known) if known else 0,
            "unknown banner, median ms": median(unknown) if unknown else 0,
            "pages without a banner": len(tempting),
            "clicks on them": sum(max(len(one.choices), one.consent.clicks) for one in tempting),
            "banners seen on them": sum(one.detected for one in tempting),
            "nothing there, median ms": median([one.consent.milliseconds for one in tempting] or [0]),
        }

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        pages = [
            {
                "name": one.wall.name,
                "kind": one.kind,
                "right": one.is_right,
                "choices": one.choices,
                **asdict(one.consent),
            }
            for one in self.pages
        ]
        return {**self.numbers, "pages": pages}

    def table(self) -> Table:
        """Returns the shares, and the pages that went wrong."""
        wrong = "\n".join(one.told() for one in self.pages if not one.is_right)
        table = Table(title="consent banners, policy: reject", caption=wrong or "every page ended as it should")
        table.add_column("")
        table.add_column("", justify="right")
        for name, number in self.numbers.items():
            table.add_row(name, f"{number:.1f}" if name.endswith("%") else f"{number:.0f}")
        return table


def _share(pages: Sequence[Settled], what: str) -> float:
    return 100 * sum(getattr(one, what) for one in pages) / len(pages) if pages else 100.0


def measure(*, names: Sequence[str] = ()) -> Tally:
    """Settles each page in a fresh context; `names` leaves all others out."""
    executable = subprocess.run([ROOT / "scripts" / "browser"], check=True, capture_output=True, text=True).stdout
    fetched()
    with Newsroom(articles=10) as room:
        return asyncio.run(_measure(room, executable.strip(), frozenset(names)))


async def _measure(room: Newsroom, executable: str, names: frozenset[str]) -> Tally:
    console = Console(stderr=True)
    pages = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS.split())
        for kind, wall in _walls():
            if names and wall.name not in names:
                continue
            one = await _settled(browser, room, wall, kind=kind)
            pages.append(one)
            console.print(("ok   " if one.is_right else "WRONG ") + one.told(), highlight=False)
        await browser.close()
    return Tally(tuple(pages))


def _walls() -> Iterable[tuple[str, Wall]]:
    yield from (("wall", wall) for wall in WALLS.values())
    yield from (("script", wall) for wall in NPM_WALLS.values())
    yield from (("tempting", wall) for wall in TEMPTING.values())


async def _settled(browser: Browser, room: Newsroom, wall: Wall, *, kind: str) -> Settled:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, user_agent=AGENT)
    before = len(room.choices)
    try:
        page = await context.new_page()
        settler = await Settler.attach(page, policy="reject")
        await page.goto(room.url.rstrip("/") + wall.path)
        await settler.settle()
        await _scroll(page)
        await settler.settle_late()
        consent = await settler.settle_last()
        still = [text for frame in page.frames for text in await frame.evaluate(SHOWN, list(wall.banner))]
        await page.goto("about:blank")  # beacons under way arrive
    finally:
        await context.close()
    return Settled(
        wall=wall,
        kind=kind,
        consent=consent,
        choices=tuple(_told(one) for one in room.choices[before:]),
        still_shown=tuple(still),
    )


def _told(choice: Choice) -> str:
    return f"save-{'some' if choice.on else 'none'}" if choice.choice == "save" else choice.choice


async def _scroll(page: Page) -> None:
    for share in (0.3, 0.6, 1, 0):
        await page.evaluate("(share) => scrollTo(0, document.documentElement.scrollHeight * share)", share)
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
