// The first question to a document: whether there is anything to settle, or to wait for. Most pages have nothing.

function glance() {
  if (!document.body) return null;
  const isThere = candidates().length > 0 || matchingRules().length > 0 || standingFrames().length > 0;
  return { stands: isThere, expected: expects(), timers: timersEnd(), opaque: opaque().length };
}

function standingFrames() {
  return everyRoot().flatMap((root) => [...root.querySelectorAll("iframe, frame")].filter(standsOut));
}

// Elements that show what is not in them: that is a closed shadow root which the parser made, and no script can reach.
// They are found by what a mouse would meet.
const HOSTS = "article, aside, blockquote, div, footer, h1, h2, h3, h4, h5, h6, header, main, nav, p, section, span";
const ACROSS = [0.1, 0.3, 0.5, 0.7, 0.9];
const DOWN = [0.03, 0.2, 0.35, 0.5, 0.65, 0.8, 0.97];

function opaque() {
  const { asked } = remembered();
  const met = new Set();
  for (const y of DOWN)
    for (const x of ACROSS) {
      const element = document.elementFromPoint(innerWidth * x, innerHeight * y);
      if (element && !asked.has(element) && isOpaque(element, innerWidth * x, innerHeight * y)) met.add(element);
    }
  return [...met].slice(0, 8);
}

function isOpaque(element, x, y) {
  if (!(element.matches(HOSTS) || element.tagName.includes("-")) || shadowOf(element)) return false;
  const box = boxOf(element);
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) return true;
  return !element.firstElementChild && !element.textContent.trim();
}

// What of these was not asked before; it is from now on.
function askedOnce() {
  everyRoot(); // those that are known already
  const { asked } = remembered();
  const found = opaque();
  for (const one of found) asked.add(one);
  return found;
}
