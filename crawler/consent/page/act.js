// What is done to a banner.

const EVENTS = ["pointerover", "pointerdown", "mousedown", "pointerup", "mouseup"];
const later = (ms) => new Promise((done) => setTimeout(done, ms));

// `label` is what it was judged by: what says something else by now, or once a pointer is over it, is not pressed.
function press(number, label) {
  const element = live(number);
  const before = new Set(stored());
  pressed.add(element);
  for (const name of EVENTS) {
    if (!isStill(element, label)) return false;
    const Kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
    element.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, composed: true, view: window }));
  }
  if (!isStill(element, label)) return false;
  element.click();
  return stored().some((one) => !before.has(one) && (KEPT_AS.test(one) || keepsNo(one)));
}

// A label that counts seconds is the same as before.
function isStill(element, label) {
  const letters = (text) => fold(text).replace(/[^\p{L}\p{S}]+/gu, "");
  return letters(labelOf(element).slice(0, 120)) === letters(label);
}

const KEPT_AS = /consent|cookie|gdpr|rgpd|dsgvo|privacy|cmp/i;
const NO = /^(\[\]|\{\}|false|no|none|denied|deny|declined?|refused?|rejected?|opt-?(ed-?)?out|necessary|essential)$/i;

// Whether an entry, under whatever name, holds nothing but a refusal: "denied", or an empty list of purposes.
function keepsNo(entry) {
  const value = entry.slice(entry.indexOf("=") + 1);
  try {
    return NO.test(decodeURIComponent(value).replace(/^"(.*)"$/, "$1"));
  } catch {
    return false;
  }
}

// What the page keeps in its cookies and its storage, by entry; nothing where it may keep nothing.
function stored() {
  try {
    const entries = Object.entries(localStorage).map(([name, value]) => `${name}=${value.slice(0, 200)}`);
    return [...document.cookie.split("; "), ...entries];
  } catch {
    return [];
  }
}

// Where a mouse would meet a control, in this document's window; null where it would meet something else.
function aim(number) {
  const element = live(number);
  element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  const box = boxOf(element);
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  return isMet(element, x, y) ? [x, y] : null;
}

function isMet(element, x, y) {
  let met = document.elementFromPoint(x, y);
  for (let root = met && shadowOf(met); root; root = shadowOf(met)) {
    const within = root.elementFromPoint(x, y);
    if (!within || within === met) break;
    met = within;
  }
  return met !== null && contains(element, met);
}

// While a mouse presses: should anything have moved beneath it, or say something else, the page hears nothing of it.
const BY_MOUSE = [...EVENTS, "click"];
let watching = null;

function watchMouse(number, label) {
  watching = (event) => {
    if (!event.isTrusted || (isMet(seen[number], event.clientX, event.clientY) && isStill(seen[number], label))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const name of BY_MOUSE) addEventListener(name, watching, true);
}

function leaveMouse() {
  for (const name of BY_MOUSE) removeEventListener(name, watching, true);
}

// Switches off what is on, also behind other tabs, and presses what stands for "no". Returns what stays on.
async function untick(number, refusing) {
  const container = live(number);
  for (const one of refusing) choose(live(one));
  const on = () => everySwitchIn(container).filter((one) => isOn(one) && !isRadio(one));
  const clicked = on().length;
  for (const one of on().filter((one) => one.checkVisibility())) if (isOn(one)) one.click(); // one may have switched others
  if (clicked) await later(0);
  for (const one of on().filter((one) => !one.checkVisibility())) if (isOn(one)) one.click();
  for (let turns = 0; clicked && turns < 5 && on().length; turns++) await later(30);
  const chosen = listsIn(container).flatMap((one) => [...one.selectedOptions]);
  return [...switchesIn(container).filter(isOn), ...chosen].map(switchLabel);
}

function choose(element) {
  if (element.tagName !== "OPTION") return element.click();
  element.selected = true;
  for (const name of ["input", "change"]) element.closest("select").dispatchEvent(new Event(name, { bubbles: true }));
}

// Scrolls to the end of its texts, since some can be refused only there; tells whether anything moved.
async function readOn(number) {
  let moved = false;
  for (const one of [live(number), ...below(live(number))]) {
    if (one.scrollHeight < one.clientHeight + 20 || !/auto|scroll/.test(getComputedStyle(one).overflowY)) continue;
    const before = one.scrollTop;
    one.scrollTop = one.scrollHeight;
    moved ||= one.scrollTop > before;
  }
  if (moved) await later(100);
  return moved;
}

// What one could decide anywhere in this document; another text means that a press had an effect.
function signature() {
  return candidates(true)
    .filter((chain) => chain.some(isThere))
    .map((chain) => controlsIn(chain[0].element).map(labelOf).join("|"))
    .join("||");
}

// Waits for what a press does: "gone" where the container is out of sight, "changed" where there is something else to
// decide, "same" when neither came. What moves or fades is given its time.
async function settled(number, { most, before }) {
  const container = seen[number];
  let until = performance.now() + most;
  const last = until + 3000;
  while (performance.now() < until) {
    if (isGoneFromSight(container)) return "gone";
    if (signature() !== before) return "changed";
    if (isMoving(container)) until = Math.min(last, performance.now() + 300);
    await later(40);
  }
  return "same";
}

function isMoving(container) {
  return container.getAnimations({ subtree: true }).some((one) => {
    const { endTime } = one.effect ? one.effect.getComputedTiming() : {};
    return one.playState === "running" && endTime < 4000;
  });
}

function isGoneFromSight(container) {
  const shown = container.isConnected && extent(container);
  return !shown || !(isOnScreen(shown) || standing(container) === "bar");
}

// Waits for a container to come to rest, or to go.
async function rest(number, most) {
  for (const until = performance.now() + most; performance.now() < until; await later(40)) {
    if (isGoneFromSight(seen[number])) return "gone";
    if (!isMoving(seen[number])) return "same";
  }
  return "same";
}

function mark(number, how) {
  const element = live(number);
  met.add(element);
  if (element === document.body) return;
  element.setAttribute(setup.mark, how);
}

function hide(number) {
  const container = live(number);
  if (container.tagName === "DIALOG" && container.open) container.close(); // else the rest stays inert
  for (const element of [container, ...backdrops(container)]) putAway(element);
  unlock();
}

// By an inline style and a rule of its own: scripts reset the one, and do not know the other.
function putAway(element) {
  element.style.setProperty("display", "none", "important");
  element.setAttribute(setup.mark, "hidden");
  addRule(element.getRootNode(), `[${setup.mark}="hidden"]`);
  hideByName(element);
}

function addRule(root, selector) {
  if (root.adoptedStyleSheets.some((sheet) => sheet.microfiche === selector)) return;
  const sheet = new CSSStyleSheet();
  sheet.microfiche = selector;
  sheet.replaceSync(`${selector} { display: none !important }`);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

// Empty sheets laid over the page.
function backdrops(container) {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (contains(container, element) || contains(element, container)) continue;
    if (isBackdrop(element)) found.push(element);
  }
  return found;
}

function isBackdrop(element) {
  const style = getComputedStyle(element);
  if (style.position !== "fixed" && style.position !== "absolute") return false;
  const box = boxOf(element);
  if (box.width < innerWidth * 0.9 || box.height < innerHeight * 0.9 || style.display === "none") return false;
  if (+style.zIndex < 0 || style.pointerEvents === "none") return false;
  return element.textContent.trim().length < 5 && !element.querySelector("img, video, iframe, canvas, picture, svg");
}

// What was hidden and came back is built anew again and again: a rule by its names hides that as well.
const hiddenBefore = new Set();

function hideByName(element) {
  const names = [...element.classList].map((name) => `.${CSS.escape(name)}`).join("");
  const id = element.id ? `#${CSS.escape(element.id)}` : "";
  const selector = `${parentName(element)}${element.tagName.toLowerCase()}${id}${names}`;
  const root = element.getRootNode();
  if (hiddenBefore.has(selector) && (id || names) && root.querySelectorAll(selector).length === 1) addRule(root, selector);
  hiddenBefore.add(selector);
}

function parentName(element) {
  const parent = element.parentElement;
  return parent && parent.id ? `#${CSS.escape(parent.id)} > ` : "";
}

const LOCKS = /consent|cookie|gdpr|cmp|privacy|lock|no-?scroll|modal|overlay|overflow|blur|frozen|fixed|stop/i;

// Undoes what holds the page; what does not hold it is left as it is.
function unlock() {
  for (const element of [document.documentElement, document.body]) {
    if (isLocked() || isVeiled()) dropLocks(element);
    free(element);
  }
  for (const element of document.querySelectorAll(`[inert], ${ARTICLE}, #app, #root, #page, #content`)) reveal(element);
  if (!isWheelBlocked()) return;
  for (const name of ["wheel", "touchmove"]) addEventListener(name, stop, { capture: true, passive: true });
}

function dropLocks(element) {
  for (const name of [...element.classList]) if (LOCKS.test(name)) element.classList.remove(name);
}

function isVeiled() {
  const article = longestArticle();
  if (!article) return false;
  return !article.checkVisibility({ visibilityProperty: true }) || getComputedStyle(article).filter.includes("blur");
}

function stop(event) {
  event.stopImmediatePropagation();
}

function free(element) {
  const style = getComputedStyle(element);
  if (/hidden|clip/.test(style.overflowY)) element.style.setProperty("overflow", "auto", "important");
  if (style.position === "fixed") {
    element.style.setProperty("position", "static", "important");
    element.style.setProperty("height", "auto", "important");
  }
  if (style.touchAction === "none") element.style.setProperty("touch-action", "auto", "important");
  if (style.pointerEvents === "none") element.style.setProperty("pointer-events", "auto", "important");
}

function reveal(element) {
  element.removeAttribute("inert");
  const style = getComputedStyle(element);
  if (style.filter.includes("blur")) element.style.setProperty("filter", "none", "important");
  if (+style.opacity < 0.6) element.style.setProperty("opacity", "1", "important");
  if (style.visibility === "hidden") element.style.setProperty("visibility", "visible", "important");
  if (style.pointerEvents === "none") element.style.setProperty("pointer-events", "auto", "important");
  if (style.display === "none" && element.matches(ARTICLE)) element.style.setProperty("display", "block", "important");
}
