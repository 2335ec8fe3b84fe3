// Empties what a window keeps for the pages that come after this one. Of the page itself nothing is left that could run:
// a document that is opened anew has lost its frames, and all that listened for its end.
function () {
  if (window === top) {
    for (let number = setTimeout(() => undefined); number > 0; number--) clearTimeout(number);
    stop();
    document.open();
    document.close();
    window.name = "";
  }
  try { sessionStorage.clear(); } catch { /* a frame without any */ }
}
