// Tags as chips with suggestions. What is sent stays the text field with commas behind it.

const PAUSE = 150; // milliseconds without a key before known topics are looked up

/** Split "Trade, "Rivers, lakes", EU" at its commas; quotes keep a comma inside a name. */
function split(text) {
  const names = text.match(/"[^"]*"|[^,]+/g) ?? [];
  return names.map((name) => name.replaceAll('"', "").trim()).filter(Boolean);
}

/** The opposite of split. */
function join(names) {
  return names.map((name) => (name.includes(",") ? `"${name}"` : name)).join(", ");
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function enhance(field) {
  const names = split(field.value);
  const list = element("ul", { class: "chips" });
  const entry = element("input", {
    type: "text",
    id: `${field.id}_entry`,
    class: "chips-entry",
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": `${field.id}_offers`,
  });
  const offers = element("ul", { id: `${field.id}_offers`, class: "offers", role: "listbox" });
  const label = document.querySelector(`label[for="${field.id}"]`);
  offers.setAttribute("aria-label", label?.textContent.trim() ?? "");
  offers.hidden = true;
  if (label) label.htmlFor = entry.id;
  const help = field.getAttribute("aria-describedby");
  if (help) entry.setAttribute("aria-describedby", help);
  field.type = "hidden";
  field.after(element("div", { class: "tags-box" }, list, entry, offers));

  let marked = -1;
  let latest = 0;

  const write = () => {
    field.value = join(names);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const draw = () => {
    list.replaceChildren(
      ...names.map((name, index) => {
        const remove = element("button", { type: "button", "aria-label": `Remove ${name}` }, "×");
        remove.addEventListener("click", () => {
          names.splice(index, 1);
          write();
          draw();
          entry.focus();
        });
        return element("li", {}, element("span", {}, name), remove);
      }),
    );
    list.hidden = names.length === 0;
  };
  const close = () => {
    offers.hidden = true;
    offers.replaceChildren();
    marked = -1;
    entry.setAttribute("aria-expanded", "false");
    entry.removeAttribute("aria-activedescendant");
  };
  const add = (text) => {
    for (const name of split(text)) {
      if (!names.some((known) => known.toLowerCase() === name.toLowerCase())) names.push(name);
    }
    entry.value = "";
    close();
    write();
    draw();
  };
  const mark = (index) => {
    const options = [...offers.children];
    marked = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === marked)));
    entry.setAttribute("aria-activedescendant", options[marked].id);
  };
  const look = async () => {
    const term = entry.value.trim();
    const ours = ++latest;
    if (!term) return close();
    const response = await fetch(`${field.dataset.tags}&term=${encodeURIComponent(term)}`);
    // A slow answer to an earlier key must not replace the answer to a later one.
    if (!response.ok || ours !== latest) return;
    const found = (await response.json()).results.map((result) => result.text);
    const fresh = found.filter((name) => !names.includes(name)).slice(0, 8);
    if (!fresh.length) return close();
    offers.replaceChildren(
      ...fresh.map((name, at) => {
        const option = element(
          "li",
          { role: "option", id: `${offers.id}_${at}`, "aria-selected": "false" },
          name,
        );
        // Before the field loses its focus, which would close the list.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          add(`"${name}"`);
        });
        return option;
      }),
    );
    offers.hidden = false;
    marked = -1;
    entry.setAttribute("aria-expanded", "true");
  };

  let waiting;
  entry.addEventListener("input", (event) => {
    event.stopPropagation();
    if (entry.value.includes(",")) return add(entry.value);
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  entry.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (marked >= 0) add(`"${offers.children[marked].textContent}"`);
      else if (entry.value.trim()) add(entry.value);
    } else if (event.key === "ArrowDown" && !offers.hidden) {
      event.preventDefault();
      mark(marked + 1);
    } else if (event.key === "ArrowUp" && !offers.hidden) {
      event.preventDefault();
      mark(marked < 0 ? -1 : marked - 1);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Backspace" && !entry.value && names.length) {
      names.pop();
      write();
      draw();
    }
  });
  // Somebody who types a topic and goes on to the next field meant it.
  entry.addEventListener("blur", () => (entry.value.trim() ? add(entry.value) : close()));
  draw();
}

for (const field of document.querySelectorAll("input[data-tags]")) enhance(field);
