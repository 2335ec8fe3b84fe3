customElements.define("courier-story", class extends HTMLElement {
  async connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = '<link rel="stylesheet" href="/assets/css/layout.css"><section></section>';
    Courier.render(await (await fetch(`/scripted/story/${this.dataset.id}.json`)).json(), root.querySelector("section"));
  }
});
