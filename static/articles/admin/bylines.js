// The byline: authors by a few letters of their names, each with a role.

import { combobox, element, fill, withMatch } from "./combobox.js";
import { Lines, valueIn, whenThere } from "./lines.js";

function start(group) {
  const texts = JSON.parse(group.querySelector("[data-texts]").textContent);
  const empty = group.querySelector(".row.empty-form select[name$='-author']");
  const source = { ...empty?.dataset };

  // The line itself is the choice now.
  for (const select of group.querySelectorAll(".admin-autocomplete")) {
    select.classList.remove("admin-autocomplete");
  }

  const describe = (row) => {
    const author = row.querySelector("[name$='-author']");
    const name = author ? author.value && author.selectedOptions[0].text.trim() : valueIn(row, "author");
    const role = row.querySelector(".field-role");
    const slot = row.querySelector(".line-slot");
    if (role && slot && role.parentElement !== slot) slot.append(role);
    return { title: name || texts.nobody, facts: [], canEdit: false, isWhole: name !== "" };
  };
  const lines = new Lines(group, describe);
  for (const row of lines.rows) lines.dress(row);
  if (lines.isReadOnly || !empty) return;

  group.querySelector("template[data-face]").before(group.querySelector("template[data-entry]").content);
  const entry = group.querySelector(".lines-entry input");
  const list = group.querySelector(".lines-entry .offers");
  const { added, found: foundText } = lines.status.dataset;

  const addAuthor = (choice) => {
    entry.value = "";
    // Nobody is named twice for the same work.
    const taken = lines.kept
      .filter((row) => lines.value(row, "author") === String(choice.id))
      .map((row) => lines.value(row, "role"));
    const roles = [...group.querySelector(".row.empty-form select[name$='-role']").options];
    const role = roles.map((option) => option.value).find((one) => one && !taken.includes(one));
    if (!role) return;
    const row = lines.add({ author: choice.id, role }, { label: choice.text });
    lines.dress(row);
    lines.say(fill(added, { title: choice.text }));
  };

  /** Open the form for a new author in its window; the line appears when it was saved. */
  const create = (name) => {
    entry.value = "";
    const row = lines.add({}, { isHidden: true });
    const link = row.querySelector("a.add-related");
    const address = new URL(link.href);
    address.searchParams.set("name", name);
    link.href = address.href;
    const author = lines.field(row, "author");
    // Django's windows tell of a new row by jQuery's own events.
    window.django.jQuery(author).on("change", () => {
      if (!author.value || !row.hidden) return;
      row.hidden = false;
      lines.dress(row);
      lines.changed();
      author.dispatchEvent(new Event("change", { bubbles: true }));
      lines.say(fill(added, { title: row.dataset.title }));
      entry.focus();
    });
    link.click();
  };

  combobox(entry, list, {
    isEager: true,
    say: (number) => lines.say(fill(foundText, { number })),
    look: async (query, signal) => {
      if (!query) return [];
      const search = new URLSearchParams({
        term: query,
        app_label: source.appLabel,
        model_name: source.modelName,
        field_name: source.fieldName,
      });
      const response = await fetch(`${source["ajax-Url"]}?${search}`, { signal });
      if (!response.ok) return [];
      const found = (await response.json()).results.slice(0, 8);
      const isKnown = found.some((one) => one.text.toLowerCase() === query.toLowerCase());
      const mayCreate = group.querySelector(".row.empty-form a.add-related") !== null;
      return mayCreate && !isKnown ? [...found, { named: query }] : found;
    },
    draw: (choice) =>
      choice.named
        ? [element("span", { class: "offer-new" }, fill(texts.create, { name: choice.named }))]
        : [element("span", { class: "offer-title", dir: "auto" }, ...withMatch(choice.text, entry.value.trim()))],
    take: (choice) => (choice.named ? create(choice.named) : addAuthor(choice)),
  });
  entry.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

whenThere(".lines.rows-bylines", start);
