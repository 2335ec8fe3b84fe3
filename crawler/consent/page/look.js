// One look at this document: what may be a consent banner, described for those who judge.

let seen = []; // the elements of the last look, by the numbers we gave them
const pressed = new WeakSet();

function numbered(element) {
  const at = seen.indexOf(element);
  return at >= 0 ? at : seen.push(element) - 1;
}

function describeControl(element) {
  return {
    number: numbered(element),
    label: labelOf(element).slice(0, 120),
    leaves: leaves(element),
    off: isOff(element),
    pressed: pressed.has(element),
    link: element.tagName === "A",
  };
}

function describe({ element, how }) {
  const box = boxOf(element);
  return {
    number: numbered(element),
    how,
    text: textOf(element),
    title: element.getAttribute("aria-label") || "",
    names: `${element.tagName} ${element.id} ${element.getAttribute("class") || ""}`.toLowerCase().slice(0, 200),
    covers: Math.round((100 * box.width * box.height) / (innerWidth * innerHeight)) / 100,
    controls: controlsIn(element).slice(0, 60).map(describeControl),
    toggles: togglesIn(element).filter((one) => !isOff(one)).map(isOn),
    fields: fieldsIn(element),
  };
}

// "low" bars at the end of a long document count as seen: they are in the picture of the whole page.
function isThere({ element, how }) {
  return isShown(element) ? how === "bar" || isOnScreen(element) : false;
}

function extent(element) {
  if (isShown(element)) return element;
  for (const one of below(element)) if (isShown(one)) return one; // a wrapper without a box around what is fixed
  return null;
}

function look() {
  if (!document.body) return { chains: [], coming: false, rules: [], lang: "" };
  const chains = candidates();
  const there = chains.map((chain) => chain.filter((one) => (extent(one.element) ? isThere({ ...one, element: extent(one.element) }) : false)));
  return {
    chains: there.filter((chain) => chain.length).map((chain) => chain.map(describe)),
    coming: chains.length > there.filter((chain) => chain.length).length,
    rules: matchingRules(),
    lang: document.documentElement.lang || "",
  };
}
