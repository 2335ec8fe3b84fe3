// Which elements may be consent banners: what speaks of consent and lies over the page, or along its edge.

const speaks = new RegExp(setup.speaks);
const DIALOG = "dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true], [popover]:popover-open";
const ARTICLE = "article, main, [role=main], [itemprop=articleBody]";

function saysConsent(text) {
  return text.length > 3 && speaks.test(fold(text));
}

// Elements that hold a text of their own which speaks of consent.
function speakers() {
  const found = [];
  for (const root of everyRoot()) {
    const walker = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && found.length < 300) {
      const node = walker.currentNode;
      const parent = node.parentElement || (node.parentNode && node.parentNode.host);
      if (parent && !SILENT.has(parent.tagName) && saysConsent(node.data)) found.push(parent);
    }
  }
  return found;
}

function coversMuch(box) {
  return box.width >= innerWidth * 0.7 && box.height >= innerHeight * 0.6;
}

function isBarAtEdge(box) {
  if (box.width < innerWidth * 0.9 || box.height > innerHeight * 0.7) return false;
  const height = document.documentElement.scrollHeight;
  const atTop = box.top + scrollY <= 12;
  const atBottom = box.bottom + scrollY >= height - 12 || Math.abs(box.bottom - innerHeight) <= 12;
  return atTop || atBottom;
}

// How an element stands out from the page's flow; null for one that does not.
function standing(element) {
  if (element === document.documentElement) return null;
  if (element === document.body) return setup.framed ? "frame" : null;
  if (element.matches(DIALOG)) return "dialog";
  const style = getComputedStyle(element);
  if (style.position === "fixed" || style.position === "sticky") return style.position;
  const box = boxOf(element);
  if (coversMuch(box) && (style.position === "absolute" || (style.zIndex !== "auto" && +style.zIndex > 0))) return "cover";
  return isBarAtEdge(box) ? "bar" : null;
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

function consentShare(text) {
  const words = fold(text).split(/\s+/);
  return words.filter((word) => speaks.test(word)).length / Math.max(words.length, 1);
}

// Whether hiding this would hide what the page is for.
function holdsArticle(element) {
  const article = longestArticle();
  if (article && contains(element, article)) return consentShare(textOf(element)) < 0.02 || article.textContent.length > 3000;
  const own = element.textContent.length;
  const all = document.body.textContent.length;
  return !setup.framed && own > 1500 && own > all * 0.5 && consentShare(textOf(element)) < 0.015;
}

// From the innermost to the outermost that stands out: which of them is the banner is judged by what is in it.
function candidatesAround(speaker) {
  const found = [];
  for (let element = speaker; element; element = parentOf(element)) {
    const how = standing(element);
    if (how && !found.some((one) => one.element === element)) found.push({ element, how });
  }
  return found.filter(({ element }) => !holdsArticle(element)).slice(0, 4);
}

function candidates() {
  const chains = new Map();
  for (const speaker of speakers()) {
    const chain = candidatesAround(speaker);
    if (chain.length && !chains.has(chain[0].element)) chains.set(chain[0].element, chain);
  }
  return [...chains.values()].slice(0, 8);
}
