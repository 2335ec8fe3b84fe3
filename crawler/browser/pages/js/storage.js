// Returns [localStorage, sessionStorage] as objects, each with at most so many characters.
function (most) {
  const read = (name) => {
    const items = {};
    try {
      const storage = window[name];
      let left = most;
      for (let number = 0; number < storage.length; number++) {
        const key = storage.key(number);
        const value = storage.getItem(key) ?? "";
        left -= key.length + value.length;
        if (left >= 0) items[key] = value;
      }
    } catch { /* a frame without any */ }
    return items;
  };
  return [read("localStorage"), read("sessionStorage")];
}
