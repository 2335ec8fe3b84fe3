function () { return document.readyState; }
