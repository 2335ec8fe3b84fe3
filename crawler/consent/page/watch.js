// Waits for something new to look at, without asking again and again.

function watch(most) {
  return new Promise((done) => {
    const roots = everyRoot();
    let timer = 0;
    const soon = () => (timer ||= setTimeout(end, 60));
    const observer = new MutationObserver(soon);
    for (const root of roots) observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    const events = ["transitionend", "animationend", "toggle"];
    for (const name of events) addEventListener(name, soon, true);
    const last = setTimeout(end, most);
    function end() {
      clearTimeout(last);
      observer.disconnect();
      for (const name of events) removeEventListener(name, soon, true);
      done();
    }
  });
}

// Signs that a banner may yet come: a script of a consent platform, its interface, its container that is still hidden.
const PLATFORM =
  /consent|cookie-?(banner|notice|bar|wall|law|popup|script|control)|cookiebot|onetrust|didomi|usercentrics|quantcast|trustarc|sourcepoint|sp-prod|iubenda|axeptio|klaro|tarteaucitron|orejime|gdpr|rgpd|dsgvo|\bcmp\b|tcfapi/i;
const NAMED_FOR_IT = "[id*=consent i], [class*=consent i], [id*=cookie i], [class*=cookie i], [id*=gdpr i], [class*=gdpr i]";

function expects() {
  if (window.__tcfapi || window.__cmp || window.__gpp || window.frames.__tcfapiLocator) return true;
  if ([...document.scripts].some(isOfPlatform)) return true;
  return [...document.querySelectorAll(NAMED_FOR_IT)].some((one) => !one.matches("a, body, html, script") && !isShown(one));
}

// Milliseconds until the page's last timer is due, of those that run already and not for long; 0 where there is none.
// Of a timer that is late, as on a busy machine, and of one that was cleared.
const LATE = 400;

function timersEnd() {
  const now = performance.now();
  const left = remembered().due.filter((timer) => !timer.isOver).map((timer) => timer.at + LATE - now);
  return Math.max(0, ...left);
}

function isOfPlatform(script) {
  return PLATFORM.test(script.src || script.textContent.slice(0, 20000));
}
