// Put into each replayed page before any script of its own: what the browser kept when the page was captured, and a cover
// for consent banners that come back all the same. It asks nobody but the replay itself.
(() => {
  "use strict";
  const info = window.wbinfo;
  if (!info || !info.url) return;
  const own = document.currentScript;
  const NAMES = /* NAMES */ [];

  // ---- what was kept: of the page that this script was asked for from; a frame takes it from the page around it
  const state = (() => {
    try {
      if (window !== window.__WB_replay_top) return window.parent.__microfiche || null;
    } catch { /* another origin: it has no state of ours */ }
    return /* STATE */ null;
  })();
  Object.defineProperty(window, "__microfiche", { value: state });

  const page = new URL(info.url);
  const storage = (state && state.storage) || {};
  for (const kind of ["localStorage", "sessionStorage"]) {
    const kept = (storage[kind] || {})[page.origin] || {};
    for (const [name, value] of Object.entries(kept)) {
      try {
        if (window[kind].getItem(name) === null) window[kind].setItem(name, value);
      } catch { /* a page without storage */ }
    }
  }
  const host = `.${page.hostname}`;
  for (const cookie of storage.cookies || []) {
    if (cookie.httpOnly || !host.endsWith(`.${String(cookie.domain).replace(/^\./, "")}`)) continue;
    document.cookie = `${cookie.name}=${cookie.value}; Path=${cookie.path || "/"}`;
  }

  // ---- the cover
  const outcome = state && state.consent && state.consent.outcome;
  const SUBJECT = /cookie|consent|privacy|gdpr|datenschutz|privatsphäre|einwillig|vie privée|confidentialit|traceurs|privacidad|riservatezza|persoonsgegevens|prywatno|kakor|samtyck|privatliv|samtykke|eväste|soukrom|süti|adatvéd|confidențialitat|çerez|gizlilik|конфиденциальн|куки|приватн|απόρρητ|ملفات تعريف|خصوصي|עוגיות|פרטיות|クッキー|プライバシー|隐私|隱私|쿠키|개인정보|कुकी|निजता|คุกกี้|ความเป็นส่วนตัว|kolačić|piškotk|бисквитк|slapuk|sīkdat|küpsis|informasjonskapsl/i;
  const LONGEST = 6000;
  const sheet = document.createElement("style");
  sheet.textContent = `${NAMES.join(", ")} { display: none !important }`;
  (document.head || document.documentElement).append(sheet);

  const roots = new Set([document]);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.add(root);
    watch(root);
    return root;
  };

  const hide = (element) => element.style.setProperty("display", "none", "important");
  const holdsPage = (element) => {
    if (["HTML", "BODY", "MAIN", "ARTICLE"].includes(element.tagName) || element.querySelector("article, main")) return true;
    const heads = element.querySelectorAll("h1").length;
    return heads > 0 && heads === document.querySelectorAll("h1").length;
  };
  const said = (element) => {
    let text = element.shadowRoot ? element.shadowRoot.textContent : "";
    for (const root of roots) if (root.host && element.contains(root.host)) text += ` ${root.textContent}`;
    return `${element.textContent} ${text}`;
  };
  const isOver = (element) => {
    const { position, display } = getComputedStyle(element);
    if (display === "none") return false;
    return position === "fixed" || position === "sticky" || element.tagName === "DIALOG"
      || element.matches("[role=dialog], [role=alertdialog], [aria-modal=true]");
  };

  let covered = 0;
  const cover = () => {
    for (const root of roots) {
      if (root !== document && root.host && !root.host.isConnected) continue;
      const found = root === document ? document.body : root;
      if (!found) continue;
      for (const element of found.querySelectorAll("*")) {
        if (!(element instanceof HTMLElement) || !isOver(element) || holdsPage(element)) continue;
        const text = said(element);
        if (text.length < LONGEST * 4 && SUBJECT.test(text)) {
          hide(element);
          covered += 1;
        }
      }
      if (root.host && SUBJECT.test(root.textContent || "") && isOver(root.host) && !holdsPage(root.host)) {
        hide(root.host);
        covered += 1;
      }
    }
    framed();
    if (covered || outcome === "hidden") unlock();
  };

  // A frame that says nothing but its banner is taken away by what is in it: all frames of a replay have one origin.
  const framed = () => {
    if (window === window.__WB_replay_top || !document.body || !window.frameElement) return;
    const text = document.body.textContent || "";
    const frame = window.frameElement;
    const over = frame.ownerDocument.defaultView.getComputedStyle(frame).position === "fixed"
      || (frame.parentElement && frame.ownerDocument.defaultView.getComputedStyle(frame.parentElement).position === "fixed");
    if (over && text.length < LONGEST && SUBJECT.test(text) && !document.querySelector("article, main")) {
      frame.style.setProperty("display", "none", "important");
    }
  };

  // Once a banner is covered, nothing may stay locked, and no empty veil may lie over the page.
  const unlock = () => {
    for (const element of [document.documentElement, document.body]) {
      if (!element) continue;
      const style = getComputedStyle(element);
      if (style.overflowY === "hidden" || style.overflowY === "clip") element.style.setProperty("overflow", "visible", "important");
      if (style.position === "fixed") element.style.setProperty("position", "static", "important");
    }
    for (const element of document.querySelectorAll("body > *, body > div > *")) {
      if (!(element instanceof HTMLElement) || element.textContent.trim() || element.querySelector("img, video, iframe, canvas, svg, input")) continue;
      if (getComputedStyle(element).position !== "fixed") continue;
      const box = element.getBoundingClientRect();
      if (box.width >= innerWidth * 0.9 && box.height >= innerHeight * 0.9) hide(element);
    }
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      cover();
    });
  };
  const observer = new MutationObserver(soon);
  const watch = (root) => observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "style", "open", "hidden"] });
  watch(document);
  addEventListener("DOMContentLoaded", soon);
  addEventListener("load", soon);
  own.remove();
})();
