// Waits for fonts, and for images to be loaded and decoded. Returns how many images are still on their way.
async function (milliseconds) {
  const late = new Promise((done) => setTimeout(done, milliseconds));
  const images = [...document.images].filter((image) => image.currentSrc && (image.complete || image.loading !== "lazy"
    || image.getBoundingClientRect().height > 0)).slice(0, 1000);
  const settled = (image) => image.complete ? Promise.resolve() : new Promise((done) => {
    image.addEventListener("load", done, { once: true });
    image.addEventListener("error", done, { once: true });
  });
  const all = images.map((image) => settled(image).then(() => image.decode()).catch(() => undefined));
  const fonts = document.fonts ? document.fonts.ready : undefined;
  await Promise.race([late, Promise.all([fonts, ...all])]);
  return images.filter((image) => !image.complete).length;
}
