// A chapter is a press: the film jumps there and plays. Without this script the links open the film at that moment.
const film = document.getElementById("film");
for (const link of document.querySelectorAll("[data-at]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    film.currentTime = Number(link.dataset.at);
    film.play().catch(() => {});
    film.scrollIntoView({ block: "nearest" });
  });
}
