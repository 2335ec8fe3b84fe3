// Before any script of the page: remembers closed shadow roots, which nothing else can reach, and when timers are due,
// since a banner may come by one. Told on an event that only we know the name of; it may bring roots that the parser made.
// A proxy of a native function prints as native.
(channel) => {
  const closed = [];
  const due = [];
  const asked = new WeakSet(); // elements that were asked already whether they have such a root

  function instead(owner, name, work) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const proxy = new Proxy(own.value, { apply: (native, self, given) => work(native, self, given) });
    Object.defineProperty(owner, name, { ...own, value: proxy });
  }

  instead(Element.prototype, "attachShadow", (native, self, given) => {
    const root = Reflect.apply(native, self, given);
    if (root.mode === "closed") closed.push(new WeakRef(root));
    return root;
  });
  instead(window, "setTimeout", (native, self, given) => {
    const [work, delay, ...rest] = given;
    if (!(delay >= 250 && delay <= 5000 && due.length < 1000)) return Reflect.apply(native, self, given);
    const timer = { at: performance.now() + Number(delay), isOver: false };
    due.push(timer);
    if (typeof work !== "function") return Reflect.apply(native, self, given);
    function once(...told) {
      timer.isOver = true;
      return Reflect.apply(work, this, told);
    }
    return Reflect.apply(native, self, [once, delay, ...rest]);
  });

  addEventListener(
    channel,
    (event) => {
      event.stopImmediatePropagation();
      event.detail.closed = closed.map((ref) => ref.deref()).filter(Boolean);
      event.detail.due = due;
      event.detail.asked = asked;
      event.detail.opened?.forEach((root) => closed.push(new WeakRef(root)));
    },
    true,
  );
}
