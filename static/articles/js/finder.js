// What a search field may lead to, under the field, while somebody types. Without it the form
// works as ever. The pattern is the combobox of WAI-ARIA 1.2, with a list.
const door = document.body.dataset.suggestions;
const label = document.body.dataset.suggested;
const WAIT = 120; // milliseconds without a key before the site is asked
const SHORTEST = 2;
const KEPT = 50; // answers of this page that need not be asked for again
const answers = new Map();
let made = 0;

async function lines(words) {
  if (!answers.has(words)) {
    const answer = await fetch(`${door}?q=${encodeURIComponent(words)}`, { credentials: "omit" });
    if (!answer.ok) return [];
    if (answers.size >= KEPT) answers.clear();
    answers.set(words, (await answer.json()).lines);
  }
  return answers.get(words);
}

function add(parent, name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

function equip(input) {
  const list = add(input.form, "ul", "suggestions");
  list.id = `suggestions-${++made}`;
  list.hidden = true;
  for (const [name, value] of [["role", "listbox"], ["aria-label", label]])
    list.setAttribute(name, value);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ])
    input.setAttribute(name, value);
  let timer;
  let current = -1;

  function close() {
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(place) {
    current = place;
    [...list.children].forEach((line, at) =>
      line.setAttribute("aria-selected", String(at === place)),
    );
    const line = list.children[place];
    if (line) {
      input.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren();
    found.forEach((one, at) => {
      const line = add(list, "li", "suggestions__line");
      line.id = `${list.id}-${at}`;
      line.setAttribute("role", "option");
      line.dataset.address = one.address;
      add(line, "span", "suggestions__title", one.title).dir = "auto";
      if (one.kind) add(line, "span", "suggestions__kind", one.kind);
    });
    choose(-1);
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    const words = input.value.trimStart();
    if (words.trim().length < SHORTEST) return close();
    try {
      const found = await lines(words);
      // Somebody who typed on or left is not shown what they wanted before.
      if (words === input.value.trimStart() && input === document.activeElement) show(found);
    } catch {
      close(); // offline
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const number = list.hidden ? 0 : list.children.length;
    if (event.isComposing || !number) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(((current + 1 + step + number + 1) % (number + 1)) - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      location.assign(list.children[current].dataset.address);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  // The field keeps the focus, so that its list stays.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-address]");
    if (line) location.assign(line.dataset.address);
  });

}

document.querySelectorAll("[data-suggest]").forEach(equip);
