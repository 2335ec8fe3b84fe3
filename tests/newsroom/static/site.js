// Loads lazy pictures and lets the consent dialog go.
for (const image of document.querySelectorAll("img[data-src]")) {
  image.src = image.dataset.src;
  if (image.dataset.srcset) image.srcset = image.dataset.srcset;
}
const modal = document.getElementById("privacy-modal");
if (modal) {
  if (localStorage.getItem("privacy")) modal.classList.add("hidden");
  modal.addEventListener("click", (event) => {
    if (event.target.tagName !== "BUTTON") return;
    localStorage.setItem("privacy", event.target.className);
    modal.classList.add("hidden");
  });
}
