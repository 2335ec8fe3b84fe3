// What can be pressed in a container, and what can be switched.

const BUTTON =
  "button, [role=button], [role=link], input[type=button], input[type=submit], input[type=image], input[type=reset], a, [onclick]";
const TOGGLE = "input[type=checkbox], [role=switch], [role=checkbox], [role=menuitemcheckbox]";
const LOOKS_LIKE_ONE = /btn|button|accept|agree|allow|reject|decline|deny|refuse|consent|close|dismiss/i;

function labelOf(element) {
  const shown = element.value && element.tagName === "INPUT" ? element.value : textOf(element, 200);
  const said = shown || element.getAttribute("aria-label") || element.title || imageLabel(element);
  return (said || signOf(element)).replace(/\s+/g, " ").trim();
}

function imageLabel(element) {
  const image = element.matches("[alt]") ? element : element.querySelector("[alt], svg title, svg[aria-label], [aria-label]");
  return image ? image.getAttribute("alt") || image.getAttribute("aria-label") || image.textContent : "";
}

// A button without a word, but with a cross drawn by its style.
function signOf(element) {
  const names = `${element.id} ${element.getAttribute("class") || ""}`;
  return /close|dismiss/i.test(names) ? "×" : "";
}

function isPressable(element) {
  if (element.matches(BUTTON)) return true;
  if (element.matches("input, select, textarea, label, option, body, html")) return false;
  const text = ownText(element);
  if (!text || text.length > 60) return false;
  const names = `${element.id} ${element.getAttribute("class") || ""}`;
  if (element.tabIndex >= 0 || element.onclick) return true;
  return LOOKS_LIKE_ONE.test(names) || (getComputedStyle(element).cursor === "pointer" && !element.closest("a, button, label"));
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
    const outer = pressable.findIndex((one) => contains(one, element));
    if (outer >= 0 && !element.matches(BUTTON)) continue; // the text within a button
    pressable.push(element);
  }
  return pressable;
}

function isOn(toggle) {
  return toggle.tagName === "INPUT" ? toggle.checked : toggle.getAttribute("aria-checked") === "true";
}

// Custom switches are often drawn over a checkbox that is not shown itself: what counts is that its container is.
function togglesIn(container) {
  return [...below(container)].filter((element) => element.matches(TOGGLE) && element.checkVisibility());
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
