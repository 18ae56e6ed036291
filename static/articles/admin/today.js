// The first page: a tour that stays away once this person has put it away on this device.

const tour = document.querySelector("[data-tour]");
const key = `newsroom:tour:${tour?.dataset.tour}`;
const remembered = () => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage is forbidden here: the tour shows each time.
  }
};

if (tour && !remembered()) {
  tour.hidden = false;
  tour.querySelector("[data-tour-close]").addEventListener("click", () => {
    try {
      localStorage.setItem(key, "seen");
    } catch {
      // See above.
    }
    tour.hidden = true;
    document.getElementById("content-start")?.focus({ preventScroll: true });
  });
}
