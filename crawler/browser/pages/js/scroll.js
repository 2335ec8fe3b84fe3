// Scrolls through the page so that what waits to be seen is loaded, and back to the top; nothing where it is not higher
// than `known`, what an earlier call told. A page that grows as it is scrolled is followed for a while only; where it
// grew, its end is waited at for more. Returns [steps, height, whether it grew and its end was not reached].
async function (milliseconds, most, known) {
  const GROWS = 600;
  const began = performance.now();
  const late = () => performance.now() - began >= milliseconds;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let patience = 1000;  // a busy machine draws late; a page that is not drawn at all is waited for once
  const painted = async () => {
    const drawn = new Promise(requestAnimationFrame).then(() => pause(30)).then(() => true);
    if (!(await Promise.race([pause(patience), drawn]))) patience = 120;
  };
  const scrolls = (element) => element.scrollHeight > element.clientHeight + 50;
  const style = (element) => getComputedStyle(element).overflowY;
  const page = document.scrollingElement || document.documentElement;
  if (!page) return [0, 0, false];
  // Some pages scroll within an element of the size of the window.
  const roots = new Set();
  const under = (root) => roots.has(root) ? [] : roots.add(root) && root.elementsFromPoint(innerWidth / 2, innerHeight / 2)
    .flatMap((element) => (element.shadowRoot ? [...under(element.shadowRoot), element] : [element]));
  const isPane = (element) => element !== page && scrolls(element) && /auto|scroll/.test(style(element)) &&
    element.clientHeight > innerHeight / 2 && element.clientWidth > innerWidth / 2;
  const isOfPage = scrolls(page) && !/hidden|clip/.test(style(page));
  const pane = (isOfPage ? null : under(document).find(isPane)) || page;
  const first = pane.scrollHeight;
  if (first <= known) return [0, first, false];
  const to = (top) => pane.scrollTo({ top, left: 0, behavior: "instant" });
  const end = () => pane.scrollHeight - pane.clientHeight;
  const size = () => pane.getElementsByTagName("*").length;  // images that are loaded late are no growth
  const had = size();
  const grows = async (height) => {
    if (!known && size() <= had) return false;
    to(end() - pane.clientHeight);  // what comes and is scrolled past within one frame has not come into sight for scripts
    await painted();
    to(end());
    for (const until = performance.now() + GROWS; performance.now() < until && !late(); await pause(50))
      if (pane.scrollHeight > height) return true;
    return false;
  };
  const bound = Math.min(most, Math.max(3 * first, first + 8 * innerHeight));
  let steps = 0;
  let top = Math.max(0, known - pane.clientHeight);
  do {
    for (top = Math.min(top, end()); top < Math.min(end(), bound) && !late(); steps++) {
      top = Math.min(top + (Math.round(pane.clientHeight * 0.9) || 500), end());
      to(top);
      await painted();
    }
  } while (top < bound && !late() && (await grows(pane.scrollHeight)));
  const isCut = top < end();
  const [seen, has] = [pane.scrollHeight, size()];
  if (steps) {
    to(0);
    await painted();
  }
  const height = size() > has ? seen : pane.scrollHeight;
  return [steps, Math.round(height), isCut && (known > 0 || height > first)];
}
