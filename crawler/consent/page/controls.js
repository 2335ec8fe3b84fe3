// What can be pressed in a container, and what can be switched.

const BUTTON =
  "button, [role=button], [role=link], input[type=button], input[type=submit], input[type=image], input[type=reset], a, [onclick]";
const SWITCH = "input[type=checkbox], input[type=radio], [role=switch], [role=checkbox], [role=menuitemcheckbox], [role=radio]";
const NAMED_SO = /btn|button|accept|agree|allow|reject|decline|deny|refuse|close|dismiss/i;
const LEAVES = "div, span, li, b, i, strong, em, p, td";

function namesOf(element) {
  return `${element.id} ${element.getAttribute("class") || ""}`;
}

function labelOf(element) {
  const shown = element.tagName === "INPUT" ? element.value : textOf(element, 200);
  if (/[\p{L}\p{N}]/u.test(shown)) return tidy(shown);
  return tidy(element.getAttribute("aria-label") || element.title || imageLabel(element) || shown || signOf(element));
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
  if (!href || href.startsWith("#") || /^javascript:/i.test(href)) return false;
  const to = new URL(link.href, document.baseURI);
  return to.origin + to.pathname + to.search !== location.origin + location.pathname + location.search || !to.hash;
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
  return pressable;
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
  return one.tagName === "INPUT" ? one.checked : one.getAttribute("aria-checked") === "true";
}

// Switches are often drawn over an input that is not shown itself: what counts is that there is room for it.
function switchesIn(container) {
  return [...below(container)].filter((one) => one.matches(SWITCH) && !isOff(one) && one.checkVisibility());
}

function switchLabel(one) {
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
