// Scrolls through the page so that what waits to be seen is loaded, and back to the top. A page that grows as it is
// scrolled is followed for a while only. Returns [steps, height, whether it still grew].
async function (milliseconds, most) {
  const began = performance.now();
  const late = () => performance.now() - began > milliseconds;
  const painted = () => new Promise((done) => {
    setTimeout(done, 120);
    requestAnimationFrame(() => setTimeout(done, 30));
  });
  const scrolls = (element) => element.scrollHeight > element.clientHeight + 50;
  let pane = document.scrollingElement || document.documentElement;
  if (!pane) return [0, 0, false];
  if (!scrolls(pane)) {  // some pages scroll within an element of the size of the window
    const inner = [...document.querySelectorAll("body > *, body > * > *, main")].find((element) =>
      scrolls(element) && element.clientHeight > innerHeight / 2 && element.clientWidth > innerWidth / 2 &&
      /auto|scroll/.test(getComputedStyle(element).overflowY));
    if (inner) pane = inner;
  }
  const to = (top) => pane.scrollTo({ top, left: 0, behavior: "instant" });
  const first = pane.scrollHeight;
  const bound = Math.min(most, Math.max(3 * first, first + 8 * innerHeight));
  let steps = 0;
  for (let top = 0; top < Math.min(pane.scrollHeight - pane.clientHeight, bound) && !late(); steps++) {
    top += Math.round(pane.clientHeight * 0.9) || 500;
    to(top);
    await painted();
  }
  const grew = pane.scrollHeight > bound;
  if (steps) {
    to(0);
    await painted();
  }
  return [steps, Math.round(pane.scrollHeight), grew];
}
