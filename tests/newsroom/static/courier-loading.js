export const story = async (id) => (await fetch(`/scripted/story/${id}.json`)).json();
