// One look at this document: what may be a consent banner, described for those who judge.

const seen = []; // elements, by the numbers we gave them
const pressed = new WeakSet();

const met = new Set(); // containers in which something was pressed

function numbered(element) {
  const at = seen.indexOf(element);
  return at >= 0 ? at : seen.push(element) - 1;
}

// An element by its number; where the page has built it anew since, the one that took its place.
function live(number) {
  const old = seen[number];
  if (old.isConnected) return old;
  const isSame = (one) => one.tagName === old.tagName && one.className === old.className && one.textContent === old.textContent;
  for (const chain of candidates(true))
    for (const { element } of chain) {
      const found = [element, ...below(element)].find(isSame);
      if (found) return (seen[number] = found);
    }
  return old;
}

// Whatever else a button says to those who hear it, and the button that it is a part of: to press it presses that as well.
function describeControl(element, plain, pressable) {
  const outer = pressable.find((one) => one !== element && contains(one, element));
  const parts = outer ? pressable.filter((one) => contains(outer, one)) : [];
  return {
    number: numbered(element),
    label: labelOf(element).slice(0, 120),
    aloud: (element.getAttribute("aria-label") || "").slice(0, 120),
    within: parts.length === 2 ? numbered(outer) : null,
    leaves: leaves(element),
    off: isOff(element),
    pressed: pressed.has(element),
    link: element.tagName === "A",
    plain,
  };
}

function describeSwitch(one) {
  if (one.tagName === "OPTION") return { number: numbered(one), label: switchLabel(one).slice(0, 120), on: one.selected, kind: "option" };
  const kind = isRadio(one) ? "radio" : one.matches(SWITCH) ? "checkbox" : "pressed";
  return { number: numbered(one), label: switchLabel(one).slice(0, 120), on: isOn(one), kind };
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
      ...pressable.map((one) => describeControl(one, false, pressable)),
      ...plainIn(element, pressable).map((one) => describeControl(one, true, pressable)),
    ],
    switches: [...switchesIn(element), ...stayingIn(element)].slice(0, 200).map(describeSwitch),
    lists: listsIn(element).slice(0, 60).map((one) => [...one.options].map(describeSwitch)),
    fields: fieldsIn(element),
    met: met.has(element),
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

// What was pressed in and stands there still, whatever it says now.
function leftStanding(chains) {
  const others = chains.map((chain) => chain[0].element);
  const isNew = (one) => !others.some((other) => contains(one, other) || contains(other, one));
  const kept = [...met].filter((one) => one.isConnected && standing(one) && !holdsArticle(one) && isNew(one));
  return kept.map((element) => [{ element, how: standing(element) }]);
}

// A frame over the page that has nothing to show yet.
function isEmpty() {
  if (document.readyState !== "complete") return true;
  return document.body.innerText.trim().length < 5 && !document.querySelector("img, svg, canvas, video, iframe, object");
}

// `second`: settings were opened, so what can be switched is of interest too.
function look(second) {
  if (!document.body) return { chains: [], coming: true, rules: [], lang: "", opaque: 0 };
  const speaking = candidates(second);
  const chains = [...speaking, ...leftStanding(speaking)];
  const there = chains.map((chain) => chain.filter(isThere)).filter((chain) => chain.length);
  return {
    chains: there.map((chain) => chain.map(describe)),
    coming: there.length < chains.length || (setup.framed && isEmpty()),
    rules: matchingRules(),
    lang: document.documentElement.lang || "",
    opaque: opaque().length,
  };
}
