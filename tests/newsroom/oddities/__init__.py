"""Pages at which a browser may come to grief, each at /odd/<name>.html with an article on it; `ODDITIES` lists them.

What a page consists of stands in pages/<name>.html, what it loads in scripts/. Of the words in per cent signs, TITLE,
AUTHOR, ARTICLE, FIRST (paragraph) and REST (of them) are its article's, NAME is its own, OTHER is the second origin.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Literal

from tests.newsroom.walls.reading import Piece, piece

Shows = Literal["whole", "late", "part", "never"]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One such page: what is odd about it, and how its article comes into it.

    `shows` is whole (in the plain HTML), late (by its scripts alone), part (one paragraph in the HTML, the rest by its
    scripts) or never (there is no article to be had).
    """

    name: str
    about: str
    _: KW_ONLY
    shows: Shows = "whole"
    paragraphs: int = 5

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/odd/{self.name}.html"

    @property
    def piece(self) -> Piece:
        """Its article."""
        return piece("en", seed=self.name, paragraphs=self.paragraphs)

    @property
    def needs_browser(self) -> bool:
        """Whether the article is not whole without scripts."""
        return self.shows in ("late", "part")


_ALL = (
    Oddity("xhr", "the article comes by XMLHttpRequest", shows="late"),
    Oddity("fetch-post", "the article comes by fetch with a POST body", shows="late"),
    Oddity("two-posts", "two POSTs to one URL, two answers: either half of the article", shows="late"),
    Oddity("cross-post", "a POST to another site, after a preflight", shows="late"),
    Oddity("form-post", "a form posts itself into a frame"),
    Oddity("frames", "a frame of another site with frames in it, one from srcdoc, one from a blob"),
    Oddity("fonts", "a font by @font-face and one by the FontFace interface"),
    Oddity("lazy", "pictures that load by loading=lazy, data-src, IntersectionObserver and scrolling", paragraphs=12),
    Oddity("service-worker", "a service worker stands ready to answer for the server", shows="late"),
    Oddity("modules", "modules, imported statically and dynamically", shows="late"),
    Oddity("blob-worker", "a worker from a blob fetches the article", shows="late"),
    Oddity("worker", "a worker with importScripts fetches the article", shows="late"),
    Oddity("endless-loader", "a spinner, and a request that is never answered"),
    Oddity("endless-body", "a script whose body never ends holds the load event back"),
    Oddity("endless-poll", "asks the server five times a second, for ever"),
    Oddity("endless-video", "a video and a picture that stream for ever"),
    Oddity("event-stream", "the article comes as server-sent events, which go on for ever", shows="late"),
    Oddity("alert-loop", "alert, confirm and prompt, one after another, for ever"),
    Oddity("unload-prompt", "asks whether one really wants to leave"),
    Oddity("print-dialog", "opens the print dialog"),
    Oddity("pop-ups", "opens windows, at once and on every click"),
    Oddity("download", "starts a download, by a link and by a frame"),
    Oddity("busy", "while (true)"),
    Oddity("busy-later", "while (true), two seconds after it has loaded"),
    Oddity("navigates", "goes to another page by itself"),
    Oddity("refreshes", "loads itself again every second, by a meta element"),
    Oddity("pushes-state", "changes its own address by the history interface"),
    Oddity("hash-router", "renders what the address says after its hash sign", shows="late"),
    Oddity("read-more", "'read more' within the article, which fetches the rest", shows="part"),
    Oddity("read-more-hidden", "'read more' within the article, whose rest is in the HTML, out of sight"),
    Oddity("read-more-elsewhere", "'read more' and 'show all' outside the article, which lead away"),
    Oddity("noscript", "says in a noscript element that it needs scripts", shows="late"),
    Oddity("empty-root", "an empty application root whose application fails", shows="never"),
    Oddity("infinite-scroll", "appends teasers for ever as one scrolls"),
    Oddity("scrolled-article", "the article's paragraphs come as one scrolls", shows="late", paragraphs=14),
    Oddity("big-bodies", "loads 30 MB by GET and by POST"),
    Oddity("bad-parts", "parts that fail: reset, no such host, 404, 500, cut short, 401, a redirect loop"),
    Oddity("many-kinds", "every kind of part: style, picture, audio, object, manifest, ping, data, blob"),
    Oddity("strict-policy", "a content security policy that forbids what is not its own", shows="late"),
    Oddity("asks-leave", "wants to notify, to know the place, to use camera and clipboard"),
    Oddity("shadow-article", "the article is in an open shadow root", shows="late"),
    Oddity("template-article", "the article is in a declarative shadow root"),
    Oddity("memory-hog", "fills 300 MB"),
    Oddity("many-frames", "forty frames"),
    Oddity("console-flood", "errors, rejections and a flood in the console"),
    Oddity("slow-parts", "a picture and a style sheet that take two seconds"),
    Oddity("late-script", "its script takes a second, and then a second more to fetch the article", shows="late"),
    Oddity("redirected", "is reached over three redirects, one of them by script", shows="whole"),
)  # fmt: skip
ODDITIES: dict[str, Oddity] = {oddity.name: oddity for oddity in _ALL}
