// Runs in every frame before its own scripts. A page that shows dialogs without end is stopped as a browser's "prevent
// this page from creating additional dialogs" would: the calls that come then fail.
(() => {
  let left = 10;
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    const real = window[name];
    window[name] = function (...told) {
      if (left-- <= 0) throw new Error("too many dialogs");
      return name === "print" ? undefined : real.apply(this, told);
    };
  }
})();
