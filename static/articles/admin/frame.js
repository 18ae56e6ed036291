// The admin's frame: the menu on small screens, filters that close again, lines that grow.

const menu = document.getElementById("rooms");
const menuButton = document.querySelector(".rooms-switch");
if (menu && menuButton) {
  // Without JavaScript the menu simply stands open; only with it can it be put away.
  menuButton.hidden = false;
  menu.classList.add("can-close");
  menuButton.addEventListener("click", () => {
    const open = menu.classList.toggle("is-open");
    menuButton.setAttribute("aria-expanded", String(open));
  });
}

const filters = document.querySelectorAll("details.filter");
const closeFilters = (except) => {
  for (const filter of filters) if (filter !== except) filter.open = false;
};
document.addEventListener("click", (event) => closeFilters(event.target.closest("details.filter")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.filter[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// A row that stands as a card, on a phone, has no headings above it: each cell brings its own.
for (const table of document.querySelectorAll("#result_list:is(table)")) {
  const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, place) => {
      if (cell.matches("td:not(.action-checkbox)")) cell.dataset.heading = names[place];
      const isBlank = ["", "–"].includes(cell.textContent.trim());
      cell.classList.toggle("is-blank", isBlank && !cell.querySelector("img, input, select, .thumb"));
    });
  }
}

// What takes a while says so, and is not asked for twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.busy || event.defaultPrevented) return;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-disabled", "true");
  event.target.addEventListener("submit", (again) => again.preventDefault());
});

const fit = (line) => {
  line.style.height = "auto";
  line.style.height = `${line.scrollHeight}px`;
};
for (const line of document.querySelectorAll("textarea.grows")) {
  fit(line);
  line.addEventListener("input", () => fit(line));
  // The width of a line changes with the window, and with it the number of rows.
  new ResizeObserver(() => fit(line)).observe(line.parentElement);
}

// The stock choices with search take their name from what is chosen: an empty one has none.
const nameChoice = (container) => {
  const select = container.parentElement?.querySelector("select");
  const label = select && document.querySelector(`label[for="${select.id}"]`);
  const chosen = container.querySelector(".select2-selection__rendered");
  if (!label || !chosen) return;
  label.id ||= `${select.id}_label`;
  chosen.setAttribute("aria-labelledby", label.id);
  container
    .querySelector(".select2-selection")
    .setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
};
for (const container of document.querySelectorAll(".select2-container")) nameChoice(container);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.classList?.contains("select2-container")) nameChoice(node);
    }
  }
}).observe(document.body, { childList: true, subtree: true });
