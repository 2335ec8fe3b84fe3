importScripts("/odd/scripts/part.js");
onmessage = async ({ data }) => postMessage(checked(await (await fetch(data)).json()));
