// A frame's element, seen from the page that holds it.

function parentAcross(element) {
  return element.parentElement || element.getRootNode().host || null;
}

// Whether the frame lies over its page, or is large enough to be all one sees.
function standsOut(frame) {
  const box = frame.getBoundingClientRect();
  if (box.width < 100 || box.height < 30 || !frame.checkVisibility()) return false;
  for (let one = frame; one && one !== document.body; one = parentAcross(one)) {
    const { position } = getComputedStyle(one);
    if (position === "fixed" || position === "sticky") return true;
    if (one.matches("dialog[open], [role=dialog], [aria-modal=true]")) return true;
  }
  return box.width >= innerWidth * 0.7 && box.height >= innerHeight * 0.6;
}

// Whether the frame is much of what its window shows.
function fills(frame) {
  const box = frame.getBoundingClientRect();
  return box.width * box.height > innerWidth * innerHeight * 0.3 && frame.checkVisibility();
}

// Takes the frame out of sight, with what holds nothing but it.
function hideFrame(frame, mark) {
  let outer = frame;
  while (holdsOnly(parentAcross(outer))) outer = parentAcross(outer);
  outer.style.setProperty("display", "none", "important");
  outer.setAttribute(mark, "hidden");
}

function holdsOnly(parent) {
  if (!parent || parent === document.body || parent === document.documentElement) return false;
  return parent.innerText.trim() === "" && parent.querySelectorAll("iframe").length < 2;
}

// A place in the frame as a place in the page that holds it; null where something else lies over it there.
function throughFrame(frame, [x, y]) {
  const box = frame.getBoundingClientRect();
  const place = [box.left + frame.clientLeft + x, box.top + frame.clientTop + y];
  return frame.getRootNode().elementFromPoint(...place) === frame ? place : null;
}
