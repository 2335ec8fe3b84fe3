// The page as it is shown: shadow roots, open and closed, stand in the place of their hosts' children, and slots are filled.

const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META"]);

function remembered() {
  const asked = { closed: [], due: [], asked: new WeakSet() };
  window.dispatchEvent(new CustomEvent(setup.channel, { detail: asked }));
  return asked;
}

function closedRoots() {
  return new Map(remembered().closed.map((root) => [root.host, root]));
}

let closed = new Map();

function shadowOf(element) {
  return element.shadowRoot || closed.get(element) || null;
}

// The slot that shows an element; of a closed root the element itself does not tell.
function slotOf(element) {
  if (element.assignedSlot) return element.assignedSlot;
  const root = element.parentElement && closed.get(element.parentElement);
  if (!root) return null;
  return [...root.querySelectorAll("slot")].find((slot) => slot.name === (element.slot || "")) || null;
}

function parentOf(element) {
  const slot = slotOf(element);
  if (slot) return slot;
  return element.parentNode instanceof ShadowRoot ? element.parentNode.host : element.parentElement;
}

function childrenOf(element) {
  const shadow = shadowOf(element);
  if (shadow) return shadow.children;
  if (element.tagName !== "SLOT") return element.children;
  const assigned = element.assignedElements({ flatten: true });
  return assigned.length ? assigned : element.children;
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

// All elements below, in the order in which they are shown.
function* below(element, depth = 0) {
  for (const child of childrenOf(element)) {
    if (SILENT.has(child.tagName)) continue;
    yield child;
    if (depth < 200) yield* below(child, depth + 1);
  }
}

function boxOf(element) {
  return element.getBoundingClientRect();
}

// Whether there is anything to see of it: a box, not transparent, not clipped to nothing as screen readers' texts are.
function isShown(element) {
  if (!element.isConnected) return false;
  const how = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true };
  if (!element.checkVisibility(how)) return getComputedStyle(element).display === "contents";
  const box = boxOf(element);
  return box.width > 1 && box.height > 1;
}

function isOnScreen(element) {
  const box = boxOf(element);
  return box.right > 2 && box.left < innerWidth - 2 && box.bottom > 2 && box.top < innerHeight - 2;
}

function ownText(element) {
  let text = "";
  const nodes = element.tagName === "SLOT" ? element.assignedNodes({ flatten: true }) : element.childNodes;
  for (const node of nodes) if (node.nodeType === Node.TEXT_NODE) text += node.data;
  return text.trim();
}

// The text that is shown, for what one reads, not how it is laid out.
function textOf(element, most = 4000) {
  const parts = shadowOf(element) ? [] : [ownText(element)];
  let length = 0;
  for (const one of below(element)) {
    const text = shadowOf(one) ? "" : ownText(one);
    if (!text || !isShown(one)) continue;
    parts.push(text);
    length += text.length;
    if (length > most) break;
  }
  return parts.join(" ").replace(/\s+/g, " ").trim().slice(0, most);
}

const UNSEEN = /[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g; // soft hyphens and their like

function fold(text) {
  const lower = text.toLowerCase().replace(UNSEEN, "");
  if (!/[^\x00-\x7f]/.test(lower)) return lower;
  return lower.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").replace(/ı/g, "i").replace(/ς/g, "σ");
}
