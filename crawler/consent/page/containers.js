// Which elements may be consent banners: what speaks of consent and lies over the page, or along its edge.

const speaks = new RegExp(setup.speaks);
const DIALOG = "dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true], [popover]:popover-open";
const ARTICLE = "article, main, [role=main], [itemprop=articleBody]";
const ASIDE = "header, nav, footer, aside, [role=navigation], [role=contentinfo], [role=banner]";

function saysConsent(text) {
  return text.length > 2 && speaks.test(fold(text));
}

// Elements that hold a text of their own which speaks of consent.
function speakers() {
  const found = new Set();
  for (const root of everyRoot()) {
    const walker = document.createTreeWalker(root === document ? document.documentElement : root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && found.size < 300) {
      const node = walker.currentNode;
      const parent = node.parentElement || (node.parentNode && node.parentNode.host);
      if (parent && !SILENT.has(parent.tagName) && saysConsent(node.data)) found.add(parent);
    }
  }
  return found;
}

// What could be switched, where the settings have been opened: they need not speak of consent once more.
function switchers() {
  return everyRoot().flatMap((root) => [...root.querySelectorAll(SWITCH)].filter((one) => one.checkVisibility()));
}

function coversMuch(box) {
  return box.width >= innerWidth * 0.7 && box.height >= innerHeight * 0.6;
}

// In the page's flow, but as wide as it, and above or below all else.
function isBarAtEdge(element, box) {
  if (box.width < innerWidth * 0.9 || box.height > innerHeight * 0.7 || box.height < 20) return false;
  if (element.matches("footer, nav, [role=contentinfo]") || element.querySelector("footer, nav, [role=contentinfo]")) return false;
  if (element.closest("footer, [role=contentinfo]")) return false;
  const height = document.documentElement.scrollHeight;
  if (box.bottom + scrollY >= height - 12 || Math.abs(box.bottom - innerHeight) <= 12) return true;
  return box.top + scrollY <= 12 || isAboveArticle(box);
}

function isAboveArticle(box) {
  const article = longestArticle();
  return article !== null && box.top + scrollY < innerHeight * 0.4 && box.bottom <= boxOf(article).top + 8;
}

// How an element stands out from the page's flow; null for one that does not.
function standing(element) {
  if (element === document.documentElement) return null;
  if (element === document.body) return setup.framed ? "frame" : null;
  if (element.matches(DIALOG)) return "dialog";
  const style = getComputedStyle(element);
  if (style.position === "fixed" || style.position === "sticky") return style.position;
  const box = boxOf(element);
  const isLifted = style.position === "absolute" || (style.zIndex !== "auto" && +style.zIndex > 0);
  if (isLifted && coversMuch(box)) return "cover";
  if (isLifted && style.position === "absolute" && +style.zIndex > 99 && !isOfText(element)) return "cover";
  return isBarAtEdge(element, box) ? "bar" : null;
}

// Laid over a part of the text only, as what asks before it loads a film.
function isOfText(element) {
  const holder = element.offsetParent;
  return element.closest(ARTICLE) !== null && holder !== null && holder !== document.body && !coversMuch(boxOf(holder));
}

function longestArticle() {
  let longest = null;
  let most = 0;
  for (const one of document.querySelectorAll(ARTICLE)) {
    const length = one.textContent.length;
    if (length > most && !one.closest(DIALOG)) [longest, most] = [one, length];
  }
  return longest;
}

// Paragraphs that one came to read.
function paragraphsOf(element) {
  return [...element.querySelectorAll("p")].filter((one) => one.textContent.length > 120 && !saysConsent(one.textContent));
}

function isAllConsent(element) {
  const long = [...element.querySelectorAll("p, li, td")].filter((one) => one.textContent.length > 120);
  return long.length > 2 && long.filter((one) => saysConsent(one.textContent)).length > long.length * 0.6;
}

// Whether hiding this would hide what the page is for.
function holdsArticle(element) {
  const article = longestArticle();
  if (article && contains(element, article) && article.textContent.length > 700) return true;
  if (paragraphsOf(element).length >= 3) return true;
  if (setup.framed || element.matches(DIALOG) || isAllConsent(element)) return false;
  return element.textContent.length > 3000 && element.textContent.length > document.body.textContent.length * 0.6;
}

// From the innermost to the outermost that stands out: which of them is the banner is judged by what is in it.
function candidatesAround(speaker) {
  const found = [];
  for (let element = speaker; element; element = parentOf(element)) {
    const how = standing(element);
    if (how) found.push({ element, how });
  }
  const free = found.filter(({ element }) => !holdsArticle(element)).slice(0, 4);
  return found.length ? free : insteadOf(speaker);
}

// On a page that has nothing else to read, the block that asks stands instead of an article.
function insteadOf(speaker) {
  if (setup.framed || speaker.closest(ASIDE)) return [];
  const rest = [...document.body.querySelectorAll(ASIDE)].reduce((sum, one) => sum + one.innerText.length, 0);
  if (document.body.innerText.length - rest > 1500 || paragraphsOf(document.body).length > 1) return [];
  for (let element = speaker; element && element !== document.documentElement; element = parentOf(element))
    if (controlsIn(element).length > 1) return [{ element, how: "instead" }];
  return [];
}

function candidates(withSwitches = false) {
  const chains = new Map();
  for (const speaker of withSwitches ? [...speakers(), ...switchers()] : speakers()) {
    const chain = candidatesAround(speaker);
    if (chain.length && !chains.has(chain[0].element)) chains.set(chain[0].element, chain);
  }
  return [...chains.values()].slice(0, 8);
}
