// Puts a story, as /odd/api/story/… tells it, where the page wants it.
function show(story, place = document.getElementById("story")) {
  place.replaceChildren();
  const title = document.createElement("h1"), by = document.createElement("p");
  title.textContent = story.title;
  by.className = "byline";
  by.textContent = `By ${story.author}`;
  const day = document.createElement("time");
  day.dateTime = story.published;
  day.textContent = story.published.slice(0, 10);
  place.append(title, by, day);
  add(story.paragraphs, place);
  document.title = `${story.title} | The Valley Courier`;
}
function add(paragraphs, place = document.getElementById("story")) {
  for (const text of paragraphs) {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    place.append(paragraph);
  }
}
