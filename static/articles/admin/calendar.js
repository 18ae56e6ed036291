// The calendar: cards that may be moved can be dragged to another day. The card's own form is
// sent, with the day changed and the time of day kept; without JavaScript the form does it alone.

const calendar = document.querySelector("[data-calendar]");
let dragged = null;

const days = () => calendar.querySelectorAll(".cal-day");
const dayOf = (target) => target.closest?.(".cal-day");
const mayDrop = (day) =>
  dragged !== null &&
  day &&
  day !== dayOf(dragged) &&
  !day.classList.contains("cal-past");

const markTarget = (chosen) => {
  for (const day of days()) day.classList.toggle("cal-target", day === chosen);
};

for (const card of calendar?.querySelectorAll("[data-movable]") ?? []) {
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector(".cal-story").textContent);
    card.classList.add("cal-dragged");
    calendar.classList.add("cal-dragging");
  });
  card.addEventListener("dragend", () => {
    dragged = null;
    markTarget(null);
    card.classList.remove("cal-dragged");
    calendar.classList.remove("cal-dragging");
  });
}

calendar?.addEventListener("dragover", (event) => {
  const day = dayOf(event.target);
  if (!mayDrop(day)) {
    markTarget(null);
    return;
  }
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  markTarget(day);
});

calendar?.addEventListener("drop", (event) => {
  const day = dayOf(event.target);
  if (!mayDrop(day)) return;
  event.preventDefault();
  const form = dragged.querySelector("form");
  const field = form.elements.namedItem("to");
  const [, time] = field.defaultValue.split("T");
  field.value = time ? `${day.dataset.day}T${time}` : day.dataset.day;
  form.requestSubmit();
});
