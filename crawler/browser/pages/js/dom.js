// The document as it stands: doctype, and open shadow roots as declarative ones.
function (most) {
  const roots = [];
  const walk = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const shadow = walker.currentNode.shadowRoot;
      if (shadow) { roots.push(shadow); walk(shadow); }
    }
  };
  walk(document);
  const top = document.documentElement;
  if (!top) return "";
  const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
  const empty = top.cloneNode(false).outerHTML;
  const close = empty.lastIndexOf("</");
  const whole = roots.length
    ? empty.slice(0, close) + top.getHTML({ shadowRoots: roots }) + empty.slice(close)
    : top.outerHTML;
  return (type + whole).slice(0, most).toWellFormed();
}
