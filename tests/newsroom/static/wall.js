// What consent walls share: telling the newsroom what was pressed, and keeping the choice. A wall says what its things
// do with Wall.bind, so that nothing in the markup gives it away.
const Wall = (() => {
  const name = document.currentScript.dataset.wall;
  const key = `choice-${name}`;
  const tell = (choice, { on = [], label = "" } = {}) =>
    fetch(`/walls/choice?${new URLSearchParams({ wall: name, choice, on: on.join(","), label: label.trim().slice(0, 80) })}`,
      { keepalive: true, cache: "no-store" }).catch(() => {});
  const cookie = () => (document.cookie.split("; ").find((pair) => pair.startsWith(`${key}=`)) || "").slice(key.length + 1);
  // In a frame of another site there may be no storage at all: the page above keeps the choice then.
  const stored = (use) => { try { return use(localStorage); } catch { return null; } };
  const kept = () => stored((storage) => storage.getItem(key)) || cookie();
  const keep = (choice) => {
    stored((storage) => storage.setItem(key, choice));
    document.cookie = `${key}=${choice}; path=/; max-age=86400; samesite=lax`;
  };
  const labelled = (node) => node.getAttribute("aria-label") || node.value || node.textContent || "";
  const switchedOn = (root) => [...root.querySelectorAll("input[type=checkbox],[role=switch]")]
    .filter((box) => !box.disabled && box.getAttribute("aria-disabled") !== "true")
    .filter((box) => box.checked || box.getAttribute("aria-checked") === "true")
    .map((box) => box.getAttribute("name") || box.dataset.name || box.id || box.value);
  // choices: {id: word}; a word that ends in "…" is told and neither kept nor the end of it.
  const bind = (root, choices, done = () => {}) => {
    for (const [id, word] of Object.entries(choices)) {
      const node = root.querySelector(`#${id}`);
      node.addEventListener("click", (event) => {
        event.preventDefault();
        const goesOn = word.endsWith("…"), choice = word.replace("…", "");
        tell(choice, { on: switchedOn(root), label: labelled(node) });
        if (!goesOn) keep(choice);
        done(choice, node);
      });
    }
    for (const toggle of root.querySelectorAll("[role=switch]")) {
      toggle.addEventListener("click", () => {
        if (toggle.getAttribute("aria-disabled") === "true") return;
        toggle.setAttribute("aria-checked", String(toggle.getAttribute("aria-checked") !== "true"));
      });
    }
    for (const link of root.querySelectorAll('a[href$="policy.html"]')) link.addEventListener("click", () => tell("policy"));
  };
  // For consent scripts of others, which keep their choices themselves: labels say what is told when a thing is pressed.
  const watch = (labels) => document.addEventListener("click", (event) => {
    const path = event.composedPath().filter((node) => node instanceof Element);
    const node = path.find((one) => one.matches("button,a,input[type=submit],input[type=button],[role=button]"));
    if (!node || path.some((one) => one.matches("main,header.masthead,nav.sections,footer.colophon,.scroll-top"))) return;
    const label = labelled(node).replace(/\s+/g, " ").trim();
    const known = Object.keys(labels).find((one) => one.toLowerCase() === label.toLowerCase());
    tell(known ? labels[known] : "other", { on: switchedOn(node.getRootNode()), label });
  }, true);
  // Anything pressed in the article is none of a consent robot's business.
  document.addEventListener("click", (event) => {
    const node = event.target.closest?.("main a, main button, header a, footer a, nav a, .scroll-top");
    if (node) tell("outside", { label: labelled(node) });
  }, true);
  return { name, tell, kept, keep, bind, watch, switchedOn };
})();
