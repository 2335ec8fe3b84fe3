// Appends teasers as one scrolls: what is in the HTML is the first few alone.
(() => {
  const end = document.getElementById("more"), cards = document.querySelector(".cards");
  let page = 1, busy = false, over = false;
  const more = async () => {
    if (busy || over || end.getBoundingClientRect().top > innerHeight + 300) return;
    busy = true;
    const got = await (await fetch(`/scripted/list.json?of=stream&page=${page++}`)).json();
    const there = new Set([...cards.querySelectorAll("h2 a")].map((link) => link.getAttribute("href")));
    for (const story of got.stories.filter((one) => !there.has(one.href))) {
      const card = document.createElement("article");
      card.className = "card";
      card.innerHTML = "<h2><a></a></h2>";
      card.querySelector("a").href = story.href;
      card.querySelector("a").textContent = story.title;
      cards.append(card);
    }
    over = !got.more;
    busy = false;
    if (!over) more();
  };
  addEventListener("scroll", more);
  more();
})();
