import { story } from "./courier-loading.js";
const found = await story(document.querySelector("main").dataset.id);
const { draw } = await import("./courier-drawing.js");
draw(found, document.getElementById("root"));
