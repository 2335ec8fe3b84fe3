export const render = (story, place) => {
  place.innerHTML = `<h1></h1><p class="byline"></p>${story.paragraphs.map(() => "<p class=text></p>").join("")}`;
  place.querySelector("h1").textContent = story.title;
  place.querySelector(".byline").textContent = `By ${story.author}`;
  place.querySelectorAll(".text").forEach((node, i) => { node.textContent = story.paragraphs[i]; });
};
