// One look at this document: what may be a consent banner, described for those who judge.

const seen = []; // elements, by the numbers we gave them
const pressed = new WeakSet();

function numbered(element) {
  const at = seen.indexOf(element);
  return at >= 0 ? at : seen.push(element) - 1;
}

function describeControl(element, plain) {
  return {
    number: numbered(element),
    label: labelOf(element).slice(0, 120),
    leaves: leaves(element),
    off: isOff(element),
    pressed: pressed.has(element),
    link: element.tagName === "A",
    plain,
  };
}

function describeSwitch(one) {
  const isRadio = one.type === "radio" || one.getAttribute("role") === "radio";
  return { number: numbered(one), label: switchLabel(one).slice(0, 120), on: isOn(one), kind: isRadio ? "radio" : "checkbox" };
}

function describe({ element, how }) {
  const box = boxOf(element);
  const pressable = controlsIn(element).slice(0, 60);
  return {
    number: numbered(element),
    how,
    text: textOf(element),
    title: element.getAttribute("aria-label") || "",
    covers: Math.round((100 * box.width * box.height) / (innerWidth * innerHeight)) / 100,
    controls: [
      ...pressable.map((one) => describeControl(one, false)),
      ...plainIn(element, pressable).map((one) => describeControl(one, true)),
    ],
    switches: switchesIn(element).slice(0, 200).map(describeSwitch),
    fields: fieldsIn(element),
  };
}

// What is to be seen of a container: itself, or what is fixed in a wrapper without a box.
function extent(element) {
  if (isShown(element)) return element;
  for (const one of below(element)) if (isShown(one)) return one;
  return null;
}

// Bars at the end of a long document count as seen: they are in the picture of the whole page.
function isThere({ element, how }) {
  const shown = extent(element);
  return shown !== null && (how === "bar" || how === "instead" || isOnScreen(shown));
}

// `second`: settings were opened, so what can be switched is of interest too.
function look(second) {
  if (!document.body) return { chains: [], coming: true, rules: [], lang: "", opaque: 0 };
  const chains = candidates(second);
  const there = chains.map((chain) => chain.filter(isThere)).filter((chain) => chain.length);
  return {
    chains: there.map((chain) => chain.map(describe)),
    coming: there.length < chains.length,
    rules: matchingRules(),
    lang: document.documentElement.lang || "",
    opaque: setup.framed ? 0 : opaque().length,
  };
}
