// Tags as chips with suggestions. What is sent stays the text field with commas behind it.

import { combobox, element, fill, withMatch } from "./combobox.js";

/** Split "Trade, "Rivers, lakes", EU" at its commas; quotes keep a comma inside a name. */
function split(text) {
  const names = text.match(/\s*"[^"]*"|[^,\n;]+/g) ?? [];
  return names.map((name) => name.replaceAll('"', "").trim()).filter(Boolean);
}

/** The opposite of split. */
function join(names) {
  return names.map((name) => (name.includes(",") ? `"${name}"` : name)).join(", ");
}

const same = (one, other) => one.toLocaleLowerCase() === other.toLocaleLowerCase();

function enhance(field) {
  const texts = field.dataset;
  let names = split(field.value);
  let mayCreate = false;
  let offered = [];

  const list = element("ul", { class: "chips" });
  const entry = element("input", {
    type: "text",
    id: `${field.id}_entry`,
    class: "chips-entry",
    role: "combobox",
    autocomplete: "off",
    placeholder: texts.add,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": `${field.id}_offers`,
  });
  const offers = element("ul", { id: `${field.id}_offers`, class: "offers", role: "listbox" });
  const label = document.querySelector(`label[for="${field.id}"]`);
  offers.setAttribute("aria-label", label?.textContent.trim() ?? texts.add);
  offers.hidden = true;
  const status = element("p", { class: "visually-hidden", role: "status" });
  const note = element("p", { class: "chips-note", id: `${field.id}_note` });
  note.hidden = true;
  const named = element("div", { class: "chips-named" });
  named.hidden = true;
  if (label) label.htmlFor = entry.id;
  else entry.setAttribute("aria-label", texts.add);
  // "Separated by commas" is for the plain field.
  const help = document.getElementById(field.getAttribute("aria-describedby"));
  if (help) help.hidden = true;
  entry.setAttribute("aria-describedby", note.id);
  field.type = "hidden";
  field.after(element("div", { class: "tags-box" }, list, entry, offers, note, named, status));

  const isNamed = (name) => names.some((one) => same(one, name));
  const complain = (text) => {
    note.textContent = text;
    note.hidden = !text;
    if (text) status.textContent = text;
  };
  const write = () => {
    field.value = join(names);
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    draw();
  };
  const remove = (index) => {
    const [name] = names.splice(index, 1);
    write();
    status.textContent = fill(texts.removed, { name });
    entry.focus();
  };
  function draw() {
    list.replaceChildren(
      ...names.map((name, index) => {
        const button = element("button", { type: "button", "aria-label": fill(texts.remove, { name }) }, "×");
        button.addEventListener("click", () => remove(index));
        return element("li", {}, element("span", { dir: "auto" }, name), button);
      }),
    );
    list.hidden = names.length === 0;
    drawNamed();
  }
  function drawNamed() {
    const fresh = offered.filter((tag) => !isNamed(tag.name));
    named.hidden = !fresh.length;
    named.replaceChildren(
      element("span", {}, texts.suggested),
      ...fresh.map((tag) => {
        const button = element("button", { type: "button" }, tag.name);
        button.addEventListener("click", () => {
          add([tag.name]);
          entry.focus();
        });
        return button;
      }),
    );
  }
  const add = (more) => {
    const fresh = more.filter((name, at) => !isNamed(name) && more.findIndex((one) => same(one, name)) === at);
    entry.value = "";
    complain("");
    if (!fresh.length) return;
    names.push(...fresh);
    write();
    status.textContent = fill(texts.added, { name: fresh.join(", ") });
  };

  const ask = async (options = {}, query = "") => {
    const response = await fetch(`${texts.tags}${query}`, options);
    if (!response.ok || !response.headers.get("content-type")?.includes("json")) return null;
    const answer = await response.json();
    mayCreate = answer.may_create;
    return answer.results;
  };

  /** Take what was typed, or pasted as a list: known tags by their names, others if one may. */
  const addTyped = async (text) => {
    const typed = split(text);
    if (!typed.length) return;
    entry.value = "";
    const found = await Promise.all(
      typed.map(async (name) => {
        const results = await ask({}, `?q=${encodeURIComponent(name)}`).catch(() => null);
        // Without an answer the server decides when it is saved: no typed word is dropped.
        if (!results) return { name };
        const known = results.find((tag) => same(tag.name, name) || same(tag.former, name));
        return known ? { name: known.name } : { name, isNew: true };
      }),
    );
    add(found.filter((one) => !one.isNew || mayCreate).map((one) => one.name));
    const refused = found.filter((one) => one.isNew && !mayCreate).map((one) => one.name);
    if (refused.length) {
      entry.value = refused.join(", ");
      complain(fill(texts.unknown, { name: refused[0] }));
    }
  };

  const box = combobox(entry, offers, {
    say: (number) => {
      status.textContent = fill(texts.found, { number });
    },
    look: async (query, signal) => {
      if (!query) return [];
      const results = (await ask({ signal }, `?q=${encodeURIComponent(query)}`)) ?? [];
      const fresh = results.filter((tag) => !isNamed(tag.name));
      const isKnown = results.some((tag) => same(tag.name, query) || same(tag.former, query));
      return isKnown || isNamed(query) || !mayCreate ? fresh : [...fresh, { fresh: query }];
    },
    draw: (tag) => {
      if (tag.fresh) return [element("span", { class: "offer-new" }, fill(texts.create, { name: tag.fresh }))];
      const name = tag.former ? fill(texts.former, { former: tag.former, name: tag.name }) : tag.name;
      return [
        element("span", { class: "offer-name", dir: "auto" }, ...withMatch(name, entry.value.trim())),
        element("span", { class: "offer-count" }, String(tag.count)),
      ];
    },
    take: (tag) => add([tag.fresh ?? tag.name]),
  });
  entry.addEventListener("input", () => {
    complain("");
    if (!entry.value.includes(",")) return;
    box.close();
    addTyped(entry.value);
  });
  entry.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[,;\n]/.test(text.trim())) return;
    event.preventDefault();
    box.close();
    addTyped(text);
  });
  entry.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      addTyped(entry.value);
      box.close();
    } else if (event.key === "Backspace" && !entry.value && names.length) {
      remove(names.length - 1);
    }
  });
  // Somebody who types a topic and goes on to the next field meant it.
  entry.addEventListener("blur", () => addTyped(entry.value));
  // What others changed arrives in the field behind the chips.
  for (const name of ["change", "newsroom:taken"]) {
    field.addEventListener(name, () => {
      if (field.value === join(names)) return;
      names = split(field.value);
      draw();
    });
  }

  // --- topics that the text suggests (near.js asks) ----------------------------------------------

  field.form?.addEventListener("newsroom:hints", ({ detail }) => {
    offered = detail.tags.map((name) => ({ name }));
    drawNamed();
  });
  draw();
}

for (const field of document.querySelectorAll("input[data-tags]")) enhance(field);
