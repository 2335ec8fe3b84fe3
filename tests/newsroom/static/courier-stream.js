// Fetches an article's paragraphs two by two, each time when its end comes into sight.
const id = document.querySelector("main").dataset.id, place = document.getElementById("story"), end = document.getElementById("end");
let story = null, part = 0, busy = false, over = false;
const seen = () => end.getBoundingClientRect().top < innerHeight + 200;
const more = async () => {
  if (busy || over || !seen()) return;
  busy = true;
  const got = await (await fetch(`/scripted/story/${id}/${part++}.json`)).json();
  if (!story) Courier.render((story = got), place, []);
  place.querySelector(".article__body").append(...got.blocks.map(Courier.block));
  over = got.over;
  busy = false;
};
addEventListener("scroll", more);
new IntersectionObserver(more).observe(end);
setInterval(more, 150);
