// What can be pressed in a container, and what can be switched.

const BY_NATURE = "button, [role=button], [role=link], input, a, summary";
const BUTTON =
  "button, [role=button], [role=link], input[type=button], input[type=submit], input[type=image], input[type=reset], a, summary, [onclick]";
const SWITCH = "input[type=checkbox], input[type=radio], [role=switch], [role=checkbox], [role=menuitemcheckbox], [role=radio]";
const STAYS_PRESSED = "button[aria-pressed], [role=button][aria-pressed]";
const REFUSES = /reject|refus|declin|deny|disagree|opt-?out|ablehn|rechaz|rifiut|weiger|(consent|cookies?)[^&]*=(0|no|none|false|off|necessary|essential)\b/i;
const NAMED_SO = /btn|button|accept|agree|allow|reject|decline|deny|refuse|close|dismiss/i;
const LEAVES = "div, span, li, b, i, strong, em, p, td";

function namesOf(element) {
  return `${element.id} ${element.getAttribute("class") || ""}`;
}

function labelOf(element) {
  const shown = element.tagName === "INPUT" ? element.value : wordsOf(element);
  if (/[\p{L}\p{N}]/u.test(shown)) return tidy(shown.length > 60 ? headOf(element) || shown : shown);
  return tidy(element.getAttribute("aria-label") || element.title || imageLabel(element) || readAloud(element) || shown || drawnOf(element));
}

// The text as it is laid out: a word may stand in several elements, letter by letter even.
function wordsOf(element) {
  const shown = textOf(element, 200);
  const laidOut = element.firstElementChild ? tidy(element.innerText || "") : shown;
  if (unspaced(laidOut) === "" || unspaced(laidOut).length !== unspaced(shown).length) return shown;
  return /^(\S )+\S$/.test(laidOut) ? unspaced(laidOut) : laidOut;
}

function unspaced(text) {
  return text.replace(/\s+/g, "");
}

// What only those hear who have the page read to them.
function readAloud(element) {
  return [...below(element)].filter((one) => one.checkVisibility({ visibilityProperty: true })).map(ownText).join(" ").trim();
}

// Of a button that explains itself ("Essential only", and a sentence below) what it says first.
function headOf(element) {
  for (const one of element.querySelectorAll("*")) {
    const text = ownText(one);
    if (text && isShown(one)) return text.length <= 40 && !ownText(element) ? text : "";
  }
  return "";
}

// What style sheets write before or behind an element.
function drawnOf(element) {
  const texts = ["::before", "::after"].map((side) => /^"(.+)"$/.exec(getComputedStyle(element, side).content));
  return texts.map((found) => (found ? found[1] : "")).join(" ").trim() || signOf(element);
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim();
}

function imageLabel(element) {
  const image = element.matches("[alt]") ? element : element.querySelector("[alt], svg title, [aria-label]");
  return image ? image.getAttribute("alt") || image.getAttribute("aria-label") || image.textContent : "";
}

// A button without a word, with a cross drawn by its style.
function signOf(element) {
  return /close|dismiss/i.test(namesOf(element)) ? "×" : "";
}

function isPressable(element) {
  if (element.matches(BUTTON)) return true;
  if (element.matches("input, select, textarea, label, option, body, html") || element.closest("label, option")) return false;
  const text = ownText(element);
  if (!text || text.length > 60) return false;
  if (element.tabIndex >= 0 || element.onclick || NAMED_SO.test(namesOf(element))) return true;
  return getComputedStyle(element).cursor === "pointer";
}

// Words alone that might be a button, since scripts can listen anywhere.
function isPlain(element) {
  const text = ownText(element);
  return element.matches(LEAVES) && !element.children.length && text.length > 1 && text.length <= 32 && !/[.!?:。！？：]$/.test(text);
}

// A link to another document takes one away; one to a place in this document, or to a script, does not.
function leaves(element) {
  const link = element.closest("a[href]");
  if (!link) return false;
  const href = link.getAttribute("href").trim();
  if (href.length > 1 && href.startsWith("#")) return leadsOn(document.getElementById(href.slice(1)));
  if (!href || href === "#" || /^javascript:/i.test(href)) return false;
  const to = new URL(link.href, document.baseURI);
  if (to.origin === location.origin && REFUSES.test(to.pathname + to.search)) return false; // a server's way to be told
  return to.origin + to.pathname + to.search !== location.origin + location.pathname + location.search || !to.hash;
}

// A table of contents leads to what is in sight already; settings open what is not.
function leadsOn(target) {
  return target !== null && isShown(target) && target.textContent.trim() !== "";
}

function isOff(element) {
  return element.disabled === true || element.getAttribute("aria-disabled") === "true";
}

function controlsIn(container) {
  const pressable = [];
  for (const element of below(container)) {
    if (!isPressable(element) || !isShown(element)) continue;
    const isWithin = pressable.some((one) => contains(one, element));
    if (isWithin && !element.matches(BUTTON)) continue; // the text of a button
    pressable.push(element);
  }
  const holdsSeveral = (one) => pressable.filter((it) => it !== one && contains(one, it)).length > 1;
  return pressable.filter((one) => one.matches(BY_NATURE) || !holdsSeveral(one)); // what only listens to its buttons
}

function plainIn(container, pressable) {
  const found = [];
  for (const element of below(container)) {
    if (!isPlain(element) || !isShown(element) || element.closest("label")) continue;
    if (!pressable.some((one) => contains(one, element) || contains(element, one))) found.push(element);
  }
  return found.slice(0, 12);
}

function isOn(one) {
  if (one.tagName === "INPUT") return one.checked;
  return (one.getAttribute("aria-checked") || one.getAttribute("aria-pressed")) === "true";
}

function isRadio(one) {
  return one.type === "radio" || one.getAttribute("role") === "radio";
}

// Switches are often drawn over an input that is not shown itself: what counts is that there is room for it.
function switchesIn(container) {
  return everySwitchIn(container).filter((one) => one.checkVisibility());
}

function everySwitchIn(container) {
  return [...below(container)].filter((one) => one.matches(SWITCH) && !isOff(one));
}

function stayingIn(container) {
  return [...below(container)].filter((one) => one.matches(STAYS_PRESSED) && !one.matches(SWITCH) && !isOff(one) && isShown(one));
}

// Short lists to choose from: "all", "necessary", "none". Long ones are of countries, or languages.
function listsIn(container) {
  const isList = (one) => one.tagName === "SELECT" && !one.multiple && one.options.length < 9;
  return [...below(container)].filter((one) => isList(one) && !isOff(one) && isShown(one));
}

function switchLabel(one) {
  if (one.tagName === "OPTION") return tidy(one.label);
  const label = one.labels && one.labels.length ? one.labels[0] : one.closest("label");
  return tidy((label && textOf(label, 100)) || one.getAttribute("aria-label") || textOf(one, 100) || one.value || "");
}

function fieldsIn(container) {
  const kinds = [];
  for (const element of below(container)) {
    if (!element.matches("input, textarea, select") || !isShown(element)) continue;
    const named = `${element.name} ${element.id} ${element.placeholder || ""} ${element.autocomplete || ""}`;
    kinds.push(/mail/i.test(named) ? "email" : element.type || element.tagName.toLowerCase());
  }
  return [...new Set(kinds)];
}
