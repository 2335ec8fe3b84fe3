// What is done to a banner.

const EVENTS = ["pointerover", "pointerdown", "mousedown", "pointerup", "mouseup"];

function press(number) {
  const element = seen[number];
  pressed.add(element);
  for (const name of EVENTS) {
    const Kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
    element.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, composed: true, view: window }));
  }
  element.click();
}

function untick(number) {
  const on = togglesIn(seen[number]).filter((one) => isOn(one) && !isOff(one));
  for (const toggle of on.slice(0, 100)) toggle.click();
  return on.length;
}

function signature(element) {
  return controlsIn(element).map(labelOf).join("|");
}

const later = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until the container is out of sight or has other buttons; "same" when it still stands after so long.
async function settled(number, { most, before }) {
  const container = seen[number];
  for (const until = performance.now() + most; performance.now() < until; await later(40)) {
    if (!isGoneFromSight(container)) {
      if (signature(container) !== before) return "changed";
      continue;
    }
    return "gone";
  }
  return "same";
}

function isGoneFromSight(container) {
  const shown = container.isConnected && extent(container);
  return !shown || !(isOnScreen(shown) || standing(container) === "bar");
}

function hide(number) {
  const container = seen[number];
  if (container.tagName === "DIALOG" && container.open) container.close(); // else the rest stays inert
  for (const element of [container, ...backdrops(container)]) {
    element.style.setProperty("display", "none", "important");
    element.setAttribute(setup.mark, "hidden");
  }
  unlock();
}

// Empty sheets laid over the page.
function backdrops(container) {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element === container || contains(container, element) || contains(element, container)) continue;
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

const LOCKS = /consent|cookie|gdpr|cmp|privacy|lock|no-?scroll|modal|overlay|overflow|blur|frozen|fixed/i;

function unlock() {
  for (const element of [document.documentElement, document.body]) {
    for (const name of [...element.classList]) if (LOCKS.test(name)) element.classList.remove(name);
    free(element);
  }
  for (const element of document.querySelectorAll(`[inert], ${ARTICLE}, #app, #root, #page, #content`)) reveal(element);
  addEventListener("wheel", (event) => event.stopImmediatePropagation(), { capture: true, passive: true });
  addEventListener("touchmove", (event) => event.stopImmediatePropagation(), { capture: true, passive: true });
}

function free(element) {
  const style = getComputedStyle(element);
  if (/hidden|clip/.test(style.overflowY)) element.style.setProperty("overflow", "auto", "important");
  if (style.position === "fixed") element.style.setProperty("position", "static", "important");
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
