// Draws an article from what the server tells of it.
const Courier = (() => {
  const made = (tag, text, css) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (css) node.className = css;
    return node;
  };
  const block = ({ kind, texts }) => {
    if (kind === "ul") {
      const list = made("ul");
      list.append(...texts.map((text) => made("li", text)));
      return list;
    }
    if (kind === "blockquote") {
      const said = made("blockquote");
      said.append(made("p", texts[0]));
      return said;
    }
    return made(kind, texts[0]);
  };
  const head = (story) => {
    document.title = `${story.title} – The Valley Courier`;
    for (const old of document.head.querySelectorAll("link[rel=canonical],script[type='application/ld+json']")) old.remove();
    const link = made("link"), facts = made("script");
    link.rel = "canonical";
    link.href = story.canonical;
    facts.type = "application/ld+json";
    facts.textContent = JSON.stringify(story.facts);
    document.head.append(link, facts);
  };
  const frame = (story) => {
    const article = made("article", "", "article"), top = made("header"), meta = made("div", "", "meta");
    top.innerHTML = story.crumbs;
    meta.innerHTML = `${story.byline} ${story.day}`;
    top.append(made("h1", story.title), made("p", story.lead, "lead"), meta);
    const figure = made("figure"), picture = made("img"), caption = made("figcaption", story.picture.caption);
    picture.src = story.picture.src;
    picture.loading = "lazy";
    figure.append(picture, caption);
    const body = made("div", "", "article__body"), tags = made("div");
    tags.innerHTML = story.tags + story.related;
    article.append(top, figure, body, tags);
    return article;
  };
  const render = (story, place, blocks = story.blocks) => {
    const article = frame(story);
    article.querySelector(".article__body").append(...blocks.map(block));
    place.replaceChildren(article);
    head(story);
  };
  return { render, block, head };
})();
