// The page as it is composed: shadow roots, open and closed, belong to their hosts.

const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META"]);

function closedRoots() {
  const asked = { closed: [] };
  window.dispatchEvent(new CustomEvent(setup.channel, { detail: asked }));
  return new Map(asked.closed.map((root) => [root.host, root]));
}

let closed = new Map();

function shadowOf(element) {
  return element.shadowRoot || closed.get(element) || null;
}

function parentOf(node) {
  return node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentElement;
}

function contains(outer, inner) {
  for (let node = inner; node; node = parentOf(node)) if (node === outer) return true;
  return false;
}

function shadowRoots(scope) {
  const found = [];
  for (const element of scope.querySelectorAll("*")) {
    const root = shadowOf(element);
    if (root) found.push(root, ...shadowRoots(root));
  }
  return found;
}

function everyRoot() {
  closed = closedRoots();
  return [document, ...shadowRoots(document)];
}

// All elements below, in the order of the page, those of shadow roots after their host.
function* below(element, depth = 0) {
  const shadow = shadowOf(element);
  for (const parent of shadow ? [shadow, element] : [element]) {
    for (const child of parent.children) {
      if (SILENT.has(child.tagName)) continue;
      yield child;
      if (depth < 200) yield* below(child, depth + 1);
    }
  }
}

function boxOf(element) {
  return element.getBoundingClientRect();
}

// Whether there is anything to see of it: a box, not transparent, not clipped to nothing (so hide screen readers' texts).
function isShown(element) {
  if (!element.isConnected) return false;
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
  const box = boxOf(element);
  return box.width > 1 && box.height > 1;
}

function isOnScreen(element) {
  const box = boxOf(element);
  return box.right > 2 && box.left < innerWidth - 2 && box.bottom > 2 && box.top < innerHeight - 2;
}

function ownText(element) {
  let text = "";
  for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) text += node.data;
  return text.trim();
}

// The text that is shown, shadow roots' too; for what one reads, not how it is laid out.
function textOf(element, most = 4000) {
  const parts = [ownText(element)];
  let length = 0;
  for (const one of below(element)) {
    const text = ownText(one);
    if (!text || !isShown(one)) continue;
    parts.push(text);
    length += text.length;
    if (length > most) break;
  }
  return parts.join(" ").replace(/\s+/g, " ").trim().slice(0, most);
}

function fold(text) {
  const lower = text.toLowerCase();
  if (!/[^\x00-\x7f]/.test(lower)) return lower;
  return lower.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").replace(/ı/g, "i").replace(/ς/g, "σ");
}
