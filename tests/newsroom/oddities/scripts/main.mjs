import { loaded } from "./loading.mjs";
const story = await loaded(document.body.dataset.name);
const { render } = await import(`./rendering.mjs?for=${document.body.dataset.name}`);
render(story, document.getElementById("story"));
