// The translations of an article, in the panel: found by search, linked at once.

import { combobox, element, withMatch } from "./combobox.js";

const room = document.querySelector("[data-translations]");
const entry = room.querySelector("[data-entry]");
const list = room.querySelector("[data-list]");
const leave = room.querySelector("[data-unlink]");

/** Ask for a change and show the list as it is then, or why nothing changed. */
async function change(values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const response = await fetch(room.dataset.translations, { method: "POST", body });
    if (response.status !== 200 && response.status !== 422) throw new Error(response.statusText);
    list.innerHTML = await response.text();
  } catch {
    list.prepend(element("p", { class: "errornote" }, room.dataset.failed));
    return;
  }
  leave.hidden = !list.querySelector("li");
  const languages = [...list.querySelectorAll("li > b")].map((one) => one.textContent);
  room.parentElement.querySelector("[data-value]").textContent = languages.join(", ");
}

if (entry) {
  const input = entry.querySelector("input");
  entry.hidden = false;
  leave.hidden = "none" in leave.dataset;
  room.querySelector("[data-page]").hidden = true;
  leave.addEventListener("click", () => change({ unlink: "1" }).then(() => input.focus()));
  combobox(input, entry.querySelector("ul"), {
    isEager: true,
    look: async (query, signal) => {
      if (!query) return [];
      const search = new URLSearchParams({ q: query, not: room.dataset.article });
      const response = await fetch(`${room.dataset.lookup}?${search}`, { signal });
      return (await response.json()).results;
    },
    draw: (card) => [
      element("span", { class: "offer-title", dir: "auto" }, ...withMatch(card.headline, input.value.trim())),
      element("span", { class: "offer-facts" }, [card.language, card.day, card.state].filter(Boolean).join(" · ")),
    ],
    take: (card) => {
      input.value = "";
      change({ other: card.id });
    },
  });
}
