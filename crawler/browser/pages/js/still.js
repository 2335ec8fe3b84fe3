// Brings animations to where they end, those without an end to where they begin, in every frame that can be reached.
function () {
  const freeze = (document) => {
    for (const animation of document.getAnimations()) {
      try { animation.finish(); } catch { animation.cancel(); }
    }
    for (const frame of document.querySelectorAll("iframe, frame")) {
      try { if (frame.contentDocument) freeze(frame.contentDocument); } catch { /* another site's */ }
    }
  };
  freeze(document);
  for (const media of document.querySelectorAll("video, audio")) media.pause();
  const top = document.documentElement;
  const body = document.body;
  return Math.ceil(Math.max(top ? top.scrollHeight : 0, body ? body.scrollHeight : 0));
}
