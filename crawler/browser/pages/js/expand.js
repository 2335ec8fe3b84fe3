// Presses what shows the rest of an article, within the article alone: never a link that leads somewhere, never what
// submits, and only where text is in fact held back. `words` are whole labels in lower case. Returns how many.
async function (words, most) {
  const labels = new Set(words);
  const NOT_IN = "aside, nav, footer, form, dialog, [role=dialog], [role=navigation], [aria-modal=true]";
  const NOT_OF = /comment|share|social|subscri|newsletter|paywall|premium|regwall|login|signin|sign-in|consent|cookie|related|promo|teaser|recommend/i;
  const told = (element) => `${element.id} ${element.getAttribute("class") || ""}`;
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s\u200b\u00a0]+/g, " ")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, "");
  const labelled = (element) => [element.innerText, element.getAttribute("aria-label")]
    .some((text) => text && text.length < 80 && labels.has(plain(text)));
  const leads = (element) => {
    const link = element.closest("a[href]");
    if (!link) return false;
    const href = link.getAttribute("href").trim();
    return !(href === "" || href === "#" || /^javascript:\s*(void\b|;|$)/i.test(href));
  };
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility === "visible" && style.position !== "fixed";
  };
  const heldBack = (button, root) => {
    if (button.getAttribute("aria-expanded") === "false") return true;
    if (button.tagName === "SUMMARY") return !button.parentElement.open;
    const id = button.getAttribute("aria-controls");
    if (id && button.getRootNode().getElementById && button.getRootNode().getElementById(id)) return true;
    const isText = (element) => (element.textContent || "").trim().length > 80;
    for (let near = button; near && near !== root.parentElement; near = near.parentElement) {
      for (const one of [near, ...(near.parentElement ? near.parentElement.children : [])]) {
        if (one.tagName === "SCRIPT" || one.tagName === "STYLE" || one.tagName === "TEMPLATE") continue;
        const style = getComputedStyle(one);
        if (style.display === "none" && isText(one)) return true;
        if (/hidden|clip/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 40 && isText(one)) return true;
      }
    }
    return false;
  };
  const excluded = (button, root) => {
    if (button.closest(NOT_IN)) return true;
    for (let near = button; near && near !== root; near = near.parentElement) if (NOT_OF.test(told(near))) return true;
    return false;
  };
  const roots = [...document.querySelectorAll("article, main, [role=main], [itemprop=articleBody]")]
    .filter((root) => !root.parentElement || !root.parentElement.closest("article, [itemprop=articleBody]"));
  const pressed = new Set();
  for (const root of roots) {
    for (const button of root.querySelectorAll("button, summary, [role=button], a:not([href]), a[href^='#'], a[href='' i], a[href^='javascript:' i]")) {
      if (pressed.size >= most) return pressed.size;
      if (pressed.has(button) || button.disabled || !shown(button) || !labelled(button)) continue;
      if (leads(button) || (button.type === "submit" && button.form)) continue;
      if (excluded(button, root) || !heldBack(button, root)) continue;
      pressed.add(button);
      button.click();
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  return pressed.size;
}
