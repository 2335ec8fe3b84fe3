// Autoconsent, started only where one of its rules may fit, without a trace in the page's window.

function matchingRules() {
  const present = namesInDocument();
  const fits = ([selector, names]) => names.every((name) => present.has(name)) && safeQuery(selector);
  return setup.rules.filter(([, selectors]) => selectors.some(fits)).map(([number]) => number);
}

// All ids and classes there are, as "#id" and ".class".
function namesInDocument() {
  const names = new Set();
  for (const element of document.querySelectorAll("[id], [class]")) {
    if (element.id) names.add(`#${element.id}`);
    for (const name of element.classList) names.add(`.${name}`);
  }
  return names;
}

function safeQuery(selector) {
  try {
    if (selector.startsWith("xpath/")) {
      return document.evaluate(selector.slice(6), document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
    }
    return document.querySelector(selector);
  } catch {
    return null;
  }
}

const rule = { at: 0, receive: null, found: null, done: null, cosmetic: false, presses: 0, labels: [], label: "", blocked: "" };

// `start` is the bundle as a function; it reads and sets names of the window once, which we then take away.
function startRules(start, initial) {
  window.autoconsentSendMessage = hear;
  delete window.autoconsentReceiveMessage;
  start((callback) => setTimeout(callback, 0));
  rule.receive = window.autoconsentReceiveMessage;
  for (const name of ["autoconsentSendMessage", "autoconsentReceiveMessage", "autoconsentHeuristics"]) delete window[name];
  rule.receive(JSON.parse(initial));
}

function hear(message) {
  if (message.type === "popupFound" && !rule.found) rule.found = message.cmp;
  if (message.type === "optOutResult" || message.type === "optInResult") rule.done = { result: !!message.result };
  if (message.type === "autoconsentDone") rule.cosmetic = !!message.isCosmetic;
  return Promise.resolve();
}

async function ruleFound(most) {
  for (const until = performance.now() + most; !rule.found && performance.now() < until; ) await later(20);
  return rule.found;
}

// Runs the rule found; notes what it presses, and stops it where it would agree for us. A rule that waits for what does
// not come is given up.
async function runRule(type, { most, idle, forbidden }) {
  const guard = guarding(new Set(forbidden));
  addEventListener("click", guard, true);
  rule.done = null;
  rule.at = performance.now();
  rule.receive({ type });
  const end = rule.at + most;
  while (!rule.done && performance.now() < Math.min(end, rule.at + idle)) await later(20);
  removeEventListener("click", guard, true);
  const { label, labels, presses, blocked, cosmetic } = rule;
  return { result: rule.done !== null && rule.done.result, label, labels, presses, blocked, cosmetic };
}

function guarding(forbidden) {
  return (event) => {
    const element = event.composedPath()[0];
    rule.at = performance.now();
    if (!(element instanceof Element) || element.closest(`label, ${SWITCH}`)) return;
    const label = labelOf(element.closest(BUTTON) || element);
    if (forbidden.has(fold(label).trim())) {
      rule.blocked = label;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    rule.label = label;
    rule.labels.push(label);
    rule.presses += 1;
  };
}
