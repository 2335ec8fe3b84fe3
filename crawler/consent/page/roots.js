// Before any script of the page: remembers closed shadow roots, which nothing else can reach, and when timers are due,
// since a banner may come by one. Told on an event that only we know the name of; it may bring roots that the parser made.
// A proxy of a native function prints as native.
(channel) => {
  const closed = [];
  const due = [];
  const asked = new WeakSet(); // elements that were asked already whether they have such a root

  function watched(owner, name, note) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const proxy = new Proxy(own.value, {
      apply(native, self, given) {
        const made = Reflect.apply(native, self, given);
        note(made, given);
        return made;
      },
    });
    Object.defineProperty(owner, name, { ...own, value: proxy });
  }

  watched(Element.prototype, "attachShadow", (root) => {
    if (root.mode === "closed") closed.push(new WeakRef(root));
  });
  watched(window, "setTimeout", (_, [, delay]) => {
    if (delay >= 250 && delay <= 5000 && due.length < 1000) due.push(performance.now() + Number(delay));
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
