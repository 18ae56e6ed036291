// The panel beside the text: open or away, its groups folded or not, as each person left them.

const PANEL = "newsroom.writing.panel";
const GROUPS = "newsroom.writing.groups";
const desk = document.querySelector("[data-desk]");
const panel = document.getElementById("panel");
const toggle = document.querySelector("[data-panel-toggle]");
const closer = document.querySelector("[data-panel-close]");
// Below this width it is a drawer over the text, which no visit finds open.
const narrow = matchMedia("(max-width: 51.24rem)");

const read = (name, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? fallback;
  } catch {
    return fallback;
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing opens it anew each time.
  }
};

function show(open) {
  desk.classList.toggle("panel-away", !open);
  toggle.setAttribute("aria-expanded", String(open));
  panel.inert = !open;
}

if (desk && panel && toggle) {
  // Without this script the panel simply follows the text on a narrow screen.
  desk.classList.add("is-live");
  toggle.hidden = false;
  closer.hidden = false;
  show(!narrow.matches && read(PANEL, true));
  toggle.addEventListener("click", () => {
    const open = desk.classList.contains("panel-away");
    show(open);
    if (!narrow.matches) keep(PANEL, open);
    else if (open) closer.focus();
  });
  const close = () => {
    show(false);
    toggle.focus();
  };
  closer.addEventListener("click", close);
  narrow.addEventListener("change", () => show(!narrow.matches && read(PANEL, true)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !narrow.matches) return;
    const isOpen = !desk.classList.contains("panel-away");
    if (isOpen && !document.querySelector("dialog[open]")) close();
  });
  // A finding of the gate may lie in it.
  desk.addEventListener("newsroom:reveal", (event) => {
    if (!panel.contains(event.target)) {
      if (narrow.matches) show(false);
      return;
    }
    show(true);
    for (let at = event.target; at && at !== panel; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
  });
}

// --- groups -------------------------------------------------------------------------------------

// What a closed group says: the words of its fields, as they are now.
function valueOf(group) {
  const found = [];
  for (const field of group.querySelectorAll(group.dataset.valueFrom)) {
    if (field.type === "hidden" || field.closest(".empty-form, .is-removed")) continue;
    const row = field.closest(".row");
    if (row?.querySelector('[name$="-DELETE"]:checked')) continue;
    const text =
      field.tagName === "SELECT"
        ? field.value && field.selectedOptions[0]?.textContent
        : field.value;
    if (text?.trim()) found.push(text.trim().replace(/,$/, ""));
  }
  return found.join(", ");
}

function tell(group) {
  const place = group.querySelector(":scope > summary [data-value]");
  if (group.dataset.valueFrom && place && !("keep" in place.dataset)) {
    // Where nothing can be changed, there are no fields: what the server wrote stays.
    if (group.querySelector(group.dataset.valueFrom)) place.textContent = valueOf(group);
  }
}

let folded = read(GROUPS, {});
const dress = (group) => {
  const name = group.dataset.group;
  if (name in folded && !group.querySelector(".errorlist")) group.open = folded[name];
  if (group.querySelector(".errorlist")) group.open = true;
  // A person folds it, and only that is kept: what opened by itself says nothing of what they want.
  let isByHand = false;
  group.querySelector("summary").addEventListener("click", () => (isByHand = true));
  group.addEventListener("toggle", () => {
    tell(group);
    if (!isByHand) return;
    isByHand = false;
    folded = { ...read(GROUPS, {}), [name]: group.open };
    keep(GROUPS, folded);
  });
  group.addEventListener("change", () => tell(group));
};
for (const group of document.querySelectorAll("details[data-group]")) dress(group);
// The gate is drawn anew after each save.
const gate = document.getElementById("gate-panel");
if (gate) {
  new MutationObserver(() => {
    const group = gate.querySelector("details[data-group]");
    if (group) dress(group);
  }).observe(gate, { childList: true });
}
// The stock choices with search tell jQuery alone that something was chosen.
window.django?.jQuery?.(document).on("change", "select", (event) => {
  const group = event.target.closest("details[data-group]");
  if (group) tell(group);
});
