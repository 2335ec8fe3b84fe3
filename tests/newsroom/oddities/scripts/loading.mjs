export const loaded = async (name) => (await fetch(`/odd/api/story/${name}.json`)).json();
