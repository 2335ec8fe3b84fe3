// Waits for the text of a page that shows hardly any, and looks as if it came by scripts; tells whether it came.
async function (milliseconds, few, shells) {
  const told = (root) => [...root.querySelectorAll("*")].reduce(
    (sum, element) => sum + (element.shadowRoot ? told(element.shadowRoot) : 0),
    (root.body || root).innerText?.trim().length || root.textContent?.trim().length || 0);
  const isBare = () => told(document) < few;
  const isShell = () => document.scripts.length && (!told(document) || document.querySelector(shells));
  if (!isBare() || !isShell()) return false;
  for (const until = performance.now() + milliseconds; isBare(); )
    if (performance.now() < until) await new Promise((done) => setTimeout(done, 100));
    else return false;
  return true;
}
