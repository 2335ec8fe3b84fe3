// How high the page is now, in pixels.
function () {
  const pane = document.scrollingElement || document.documentElement;
  return pane ? Math.round(pane.scrollHeight) : 0;
}
