export const draw = (story, place) => Courier.render(story, place);
