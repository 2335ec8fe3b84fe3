// A single-page application: routes by the history interface, draws lists and stories.
(() => {
  const root = document.getElementById("app");
  const told = async (path) => (await fetch(path, { headers: { Accept: "application/json" } })).json();
  const chrome = () => {
    root.innerHTML = '<header class="masthead"><p class="site-title"><a href="/app/">The Valley Courier</a></p></header><main></main><footer class="colophon"><p>© The Valley Courier</p></footer>';
    return root.querySelector("main");
  };
  const list = async (page) => {
    const { stories, more } = await told(`/scripted/list.json?page=${page}`);
    const main = chrome();
    for (const story of stories) {
      const card = document.createElement("article"), link = document.createElement("a");
      card.className = "card";
      link.href = story.href;
      link.textContent = story.title;
      card.append(link);
      main.append(card);
    }
    if (more) main.insertAdjacentHTML("beforeend", `<a class="next" href="/app/page/${page + 1}">Older</a>`);
    document.title = "App – The Valley Courier";
  };
  const route = async () => {
    const story = location.pathname.match(/-(\d+)$/), page = location.pathname.match(/\/page\/(\d+)/);
    root.innerHTML = '<div class="skeleton">Loading…</div>';
    if (!story) return list(page ? Number(page[1]) : 1);
    const found = await told(`/scripted/story/${story[1]}.json`);
    Courier.render(found, chrome());
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="/app/"]');
    if (!link) return;
    event.preventDefault();
    history.pushState({}, "", link.getAttribute("href"));
    route();
  });
  addEventListener("popstate", route);
  route();
})();
