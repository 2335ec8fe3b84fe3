fetch(`/odd/api/story/${document.body.dataset.name}.json`).then((r) => r.json()).then((story) => show(story));
