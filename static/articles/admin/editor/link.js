// Links: typing finds the site's own stories, a pasted address is taken as it is.
import { crel, gettext, Link as PackageLink } from "django-prose-editor/editor";
import { ask, back } from "./dialog.js";
import { withoutTracking } from "./paste.js";

export const Link = PackageLink.extend({
  // After the caret leaves a link, words typed behind it are no part of it.
  inclusive: false,
  addAttributes: () => ({
    href: { default: null, parseHTML: (element) => element.getAttribute("href") },
    title: { default: null },
  }),
  renderHTML: ({ mark }) => [
    "a",
    Object.fromEntries(Object.entries(mark.attrs).filter(([, value]) => value !== null)),
    0,
  ],
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        // Without words to link the key belongs to the page.
        if (editor.state.selection.empty && !editor.isActive("link")) return false;
        window.event?.stopPropagation();
        askForLink(editor);
        return true;
      },
    };
  },
});

/** Return the address that typed words mean, or null where they are words to search for. */
export function addressOf(typed) {
  const text = typed.trim();
  if (/^mailto:\S+@\S+$/i.test(text) || /^\/\S*$/.test(text) || /^#\S+$/.test(text)) return text;
  if (/^[^\s@/:]+@[^\s@/:]+\.[a-z]{2,}$/i.test(text)) return `mailto:${text}`;
  const guess = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (/\s/.test(text) || !/^https?:\/\/[^/?#]+\.[^/?#]{2,}|^https?:\/\/localhost/i.test(guess)) {
    return null;
  }
  try {
    return withoutTracking(new URL(guess)).href;
  } catch {
    return null;
  }
}

async function stories(words, signal) {
  const desk = location.pathname.match(/^.*\/articles\/article\//)?.[0];
  if (!desk) return [];
  const own = location.pathname.match(/\/(\d+)\/change\//)?.[1] ?? "";
  const query = new URLSearchParams({ q: words, not: own });
  const answer = await fetch(`${desk}lookup/articles/?${query}`, { signal });
  return answer.ok ? (await answer.json()).results : [];
}

function option(number, title, about, href) {
  const row = crel("li", { id: `link-option-${number}`, className: "finder__option" }, [
    crel("span", { className: "finder__title", textContent: title }),
    crel("span", { className: "finder__about", textContent: about }),
  ]);
  row.setAttribute("role", "option");
  if (href) row.dataset.href = href;
  else row.setAttribute("aria-disabled", "true");
  return row;
}

/** The field and the list of a dialog in which a link is looked for. */
function finder(form, dialog) {
  const input = form.elements.address;
  const list = crel("ul", { className: "finder__list", id: "link-options" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Where the link leads"));
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": list.id,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
  })) {
    input.setAttribute(name, value);
  }
  form.append(list);
  let active = -1;
  let asked = null;
  let timer = 0;

  const usable = () => [...list.children].filter((row) => row.dataset.href);
  function mark(index) {
    const rows = usable();
    active = rows.length ? (index + rows.length) % rows.length : -1;
    for (const row of list.children) row.setAttribute("aria-selected", row === rows[active]);
    input.setAttribute("aria-activedescendant", rows[active]?.id ?? "");
    rows[active]?.scrollIntoView({ block: "nearest" });
  }
  function take(row) {
    dialog.answer = { address: row.dataset.href };
    dialog.close();
  }
  async function look() {
    const words = input.value.trim();
    asked?.abort();
    asked = new AbortController();
    const address = addressOf(words);
    if (address) {
      list.replaceChildren(option(0, address, gettext("This address"), address));
      return mark(0);
    }
    if (words.length < 2) return list.replaceChildren();
    try {
      const rows = (await stories(words, asked.signal)).map((story, index) =>
        option(
          index,
          story.headline,
          [story.section, story.day ?? story.date, story.address ? "" : gettext("not public yet")]
            .filter(Boolean)
            .join(" · "),
          story.address,
        ),
      );
      const none = crel("li", { className: "finder__none", textContent: gettext("Nothing found") });
      none.setAttribute("role", "presentation");
      list.replaceChildren(...(rows.length ? rows : [none]));
      mark(0);
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, addressOf(input.value) ? 0 : 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const row = usable()[active];
      const address = addressOf(input.value);
      if (row) take(row);
      else if (address) {
        dialog.answer = { address };
        dialog.close();
      }
    }
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-href]");
    if (row) take(row);
  });
  if (input.value) look();
}

/** Ask where the selected words, or the link at the caret, should lead. */
export async function askForLink(editor) {
  const current = editor.getAttributes("link").href;
  const { empty } = editor.state.selection;
  const answer = await ask({
    title: current ? gettext("Change the link") : gettext("Link"),
    className: "ask--link",
    submit: null,
    fields: [
      {
        name: "address",
        label: gettext("Words of a headline, or an address"),
        value: current ?? "",
        placeholder: gettext("Search our stories, or paste an address"),
      },
    ],
    build(form, dialog) {
      finder(form, dialog);
      if (!current) return;
      const remove = crel("button", {
        type: "button",
        className: "ask__remove",
        textContent: gettext("Remove the link"),
      });
      remove.addEventListener("click", () => {
        dialog.answer = { address: "" };
        dialog.close();
      });
      form.append(remove);
    },
  });
  const chain = back(editor);
  if (!answer) chain.run();
  else if (!answer.address) chain.extendMarkRange("link").unsetLink().run();
  else if (empty && !current) {
    const link = { type: "link", attrs: { href: answer.address } };
    chain.insertContent({ type: "text", text: answer.address, marks: [link] }).run();
  } else chain.extendMarkRange("link").setLink({ href: answer.address }).run();
}
