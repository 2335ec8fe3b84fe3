// The proof afterwards: can one scroll, and is the article in the open.

const POINTS = [0.2, 0.5, 0.8];

function isLocked() {
  const tall = document.documentElement.scrollHeight > innerHeight + 20 || document.body.scrollHeight > innerHeight + 20;
  if (!tall || hasScrollerOfItsOwn()) return false;
  return [document.documentElement, document.body].some((element) => {
    const style = getComputedStyle(element);
    return /hidden|clip/.test(style.overflowY) || style.position === "fixed";
  });
}

// Applications that scroll in a pane lock the document for good reason.
function hasScrollerOfItsOwn() {
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  for (let element = middle; element && element !== document.body; element = parentOf(element)) {
    const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight + 20;
    if (scrolls && coversMuch(boxOf(element))) return true;
  }
  return false;
}

function isWheelBlocked() {
  const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2) || document.body;
  const wheel = new WheelEvent("wheel", { bubbles: true, cancelable: true, composed: true, deltaY: 1 });
  return !target.dispatchEvent(wheel);
}

// Empty sheets over the page, by what a mouse would meet at nine points.
function sheets() {
  const met = new Set();
  for (const x of POINTS)
    for (const y of POINTS) {
      const top = document.elementFromPoint(innerWidth * x, innerHeight * y);
      if (top && top !== document.body && top !== document.documentElement && isBackdrop(top)) met.add(top);
    }
  return [...met];
}

function proof() {
  return { locked: isLocked() || isWheelBlocked(), covered: sheets().length > 0 };
}

function clear() {
  for (const sheet of sheets()) putAway(sheet);
  unlock();
}
