const checked = (story) => ({ ...story, checked: true });
