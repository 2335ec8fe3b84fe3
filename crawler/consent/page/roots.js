// Before any script of the page: remembers closed shadow roots, which nothing else can reach. Told on an event that only
// we know the name of. A proxy of a native function prints as native.
(channel) => {
  const closed = [];
  const own = Object.getOwnPropertyDescriptor(Element.prototype, "attachShadow");
  const attachShadow = new Proxy(own.value, {
    apply(native, host, given) {
      const root = Reflect.apply(native, host, given);
      if (root.mode === "closed") closed.push(new WeakRef(root));
      return root;
    },
  });
  Object.defineProperty(Element.prototype, "attachShadow", { ...own, value: attachShadow });
  addEventListener(
    channel,
    (event) => {
      event.stopImmediatePropagation();
      event.detail.closed = closed.map((ref) => ref.deref()).filter(Boolean);
    },
    true,
  );
}
