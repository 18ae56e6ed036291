// A menu wider than its window stands where the reader is, not at its beginning.
const place = document.querySelector(".menu [aria-current]");

if (place) {
  const menu = place.closest(".menu");
  const middle = (one) => (({ left, width }) => left + width / 2)(one.getBoundingClientRect());
  menu.scrollLeft += middle(place) - middle(menu);
}
