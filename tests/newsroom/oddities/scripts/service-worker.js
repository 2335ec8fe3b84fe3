// Answers for the server with a story of its own, which is nobody's capture.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (!event.request.url.includes("/odd/api/story/")) return;
  event.respondWith(fetch(event.request).then((r) => r.json()).then((story) =>
    new Response(JSON.stringify({ ...story, title: `${story.title} (kept by a worker)` }), { headers: { "Content-Type": "application/json" } })));
});
