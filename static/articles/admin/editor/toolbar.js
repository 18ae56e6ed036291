// The toolbar: few groups, two menus, and what a table needs while the caret is in one.
import { crel, gettext } from "django-prose-editor/editor";
import { chooseCharacter } from "./characters.js";
import { ask, back } from "./dialog.js";
import { askForEmbed } from "./embed.js";
import { addNote } from "./footnote.js";
import { icon } from "./icons.js";
import { askForLink } from "./link.js";
import { choosePicture } from "./picture.js";
import { htmlOf } from "./value.js";

const run =
  (command, ...given) =>
  (editor) =>
    back(editor)
      [command](...given)
      .run();
const isIn =
  (...given) =>
  (editor) =>
    editor.isActive(...given);
const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const keys = (text) =>
  ` (${text
    .replace("Mod", isMac ? "⌘" : "Ctrl")
    .replace("Shift", isMac ? "⇧" : "Shift")
    .replaceAll("-", isMac ? "" : "+")})`;

const STYLES = [
  [gettext("Paragraph"), null],
  [gettext("Heading"), 2],
  [gettext("Subheading"), 3],
  [gettext("Small heading"), 4],
];
const INLINE = [
  { name: "bold", title: gettext("Bold"), keys: "Mod-B", act: run("toggleBold"), on: isIn("bold") },
  { name: "italic", title: gettext("Italic"), keys: "Mod-I", act: run("toggleItalic"), on: isIn("italic") },
  { name: "link", title: gettext("Link"), keys: "Mod-K", act: askForLink, on: isIn("link") },
];
const BLOCKS = [
  {
    name: "bulletList",
    title: gettext("Bullet list"),
    act: run("toggleBulletList"),
    on: isIn("bulletList"),
  },
  {
    name: "orderedList",
    title: gettext("Numbered list"),
    act: run("toggleOrderedList"),
    on: isIn("orderedList"),
  },
  { name: "blockquote", title: gettext("Quote"), act: run("toggleBlockquote"), on: isIn("blockquote") },
];
const INSERT = [
  { name: "picture", title: gettext("Picture"), act: choosePicture },
  { name: "pullquote", title: gettext("Pull quote"), act: run("togglePullquote"), on: isIn("pullquote") },
  { name: "embed", title: gettext("Video or post"), act: askForEmbed },
  { name: "table", title: gettext("Table"), act: askForTable },
  { name: "footnote", title: gettext("Note"), act: addNote },
  { name: "character", title: gettext("Special character"), act: chooseCharacter },
  { name: "horizontalRule", title: gettext("Rule"), act: run("setHorizontalRule") },
];
const MORE = [
  { name: "strike", title: gettext("Struck through"), act: run("toggleStrike"), on: isIn("strike") },
  {
    name: "superscript",
    title: gettext("Superscript"),
    act: run("toggleSuperscript"),
    on: isIn("superscript"),
  },
  { name: "subscript", title: gettext("Subscript"), act: run("toggleSubscript"), on: isIn("subscript") },
  { name: "cite", title: gettext("Source or credit"), act: run("toggleCite"), on: isIn("cite") },
  {
    name: "clear",
    title: gettext("Clear formatting"),
    act: (editor) => back(editor).unsetAllMarks().clearNodes().run(),
  },
  { name: "find", title: gettext("Find and replace"), keys: "Mod-Shift-F", act: run("openFind") },
  { name: "html", title: "HTML", act: editHtml },
];
const TABLE = [
  { name: "rowAfter", title: gettext("Add a row"), act: run("addRowAfter") },
  { name: "columnAfter", title: gettext("Add a column"), act: run("addColumnAfter") },
  { name: "deleteRow", title: gettext("Remove the row"), act: run("deleteRow") },
  { name: "deleteColumn", title: gettext("Remove the column"), act: run("deleteColumn") },
  { name: "headerCell", title: gettext("Head of the table"), act: run("toggleHeaderRow") },
  { name: "mergeCells", title: gettext("Join cells"), act: run("mergeCells") },
  { name: "splitCell", title: gettext("Part the cell"), act: run("splitCell") },
  { name: "remove", title: gettext("Remove the table"), act: run("deleteTable") },
];
const HISTORY = [
  {
    name: "undo",
    title: gettext("Undo"),
    keys: "Mod-Z",
    act: run("undo"),
    can: (editor) => editor.can().undo(),
  },
  {
    name: "redo",
    title: gettext("Redo"),
    keys: "Mod-Shift-Z",
    act: run("redo"),
    can: (editor) => editor.can().redo(),
  },
];

async function askForTable(editor) {
  const answer = await ask({
    title: gettext("Table"),
    fields: [
      {
        name: "rows",
        label: gettext("Rows"),
        type: "number",
        value: 3,
        min: 1,
        max: 60,
        required: true,
      },
      {
        name: "cols",
        label: gettext("Columns"),
        type: "number",
        value: 3,
        min: 1,
        max: 12,
        required: true,
      },
      {
        name: "head",
        label: gettext("The first row names the columns"),
        type: "checkbox",
        value: true,
      },
    ],
  });
  const chain = back(editor);
  if (!answer) return chain.run();
  const table = { rows: +answer.rows, cols: +answer.cols, withHeaderRow: answer.head };
  return chain.insertTable(table).run();
}

async function editHtml(editor) {
  const value = htmlOf(editor.state).replace(
    /(<\/(?:p|h[2-4]|[uo]l|li|blockquote|aside|figure|table|tr)>|<hr>)/g,
    "$1\n",
  );
  const answer = await ask({
    title: gettext("HTML of the body"),
    className: "ask--html",
    submit: gettext("Use it"),
    fields: [{ name: "html", label: gettext("HTML"), type: "textarea", value }],
  });
  if (answer) editor.commands.setContent(answer.html.replace(/>\n/g, ">"), { emitUpdate: true });
  editor.view.focus();
}

/** Set an attribute that is not so already: each that is set is looked at by the stylesheet. */
function say(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function showToolbar(editor, frame) {
  const watched = [];

  function button(item) {
    const name = item.title;
    const one = crel(
      "button",
      { type: "button", className: "tool", title: name + (item.keys ? keys(item.keys) : "") },
      [icon(item.name)],
    );
    one.setAttribute("aria-label", name);
    if (item.on) one.setAttribute("aria-pressed", "false");
    // A press must not take the caret out of the text.
    one.addEventListener("mousedown", (event) => event.preventDefault());
    one.addEventListener("click", () => item.act(editor, one));
    watched.push([one, item]);
    return one;
  }

  function menu(sign, title, items) {
    const list = crel("div", { className: "tool-menu__list", hidden: true });
    const opener = crel(
      "button",
      { type: "button", className: "tool tool--menu", title },
      [icon(sign)],
    );
    opener.setAttribute("aria-label", opener.title);
    opener.setAttribute("aria-haspopup", "menu");
    opener.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "menu");
    list.setAttribute("aria-label", opener.title);
    for (const item of items) {
      const one = crel("button", { type: "button", tabIndex: -1, className: "tool-menu__item" }, [
        icon(item.name),
        crel("span", { textContent: item.title }),
        crel("kbd", { textContent: item.keys ? keys(item.keys).slice(2, -1) : "" }),
      ]);
      one.setAttribute("role", item.on ? "menuitemcheckbox" : "menuitem");
      if (item.on) one.setAttribute("aria-checked", "false");
      one.addEventListener("mousedown", (event) => event.preventDefault());
      one.addEventListener("click", () => {
        open(false);
        item.act(editor, opener);
      });
      watched.push([one, item]);
      list.append(one);
    }
    const outside = (event) => {
      if (!box.contains(event.target)) open(false);
    };
    function open(isOpen, focus = false) {
      list.hidden = !isOpen;
      opener.setAttribute("aria-expanded", isOpen);
      const heed = isOpen ? "addEventListener" : "removeEventListener";
      document[heed]("pointerdown", outside, true);
      document[heed]("keydown", outside, true);
      if (isOpen) {
        update();
        // At the end of a narrow line it moves in.
        list.style.left = "0";
        const room = document.documentElement.clientWidth - 8 - list.getBoundingClientRect().right;
        if (room < 0) list.style.left = `${room}px`;
        if (focus) list.firstElementChild.focus();
      }
    }
    opener.addEventListener("mousedown", (event) => event.preventDefault());
    opener.addEventListener("click", (event) => open(list.hidden, event.detail === 0));
    const box = crel("span", { className: "tool-menu" }, [opener, list]);
    box.addEventListener("keydown", (event) => {
      const rows = [...list.children];
      const at = rows.indexOf(document.activeElement);
      if (event.key === "Escape" && !list.hidden) {
        open(false);
        opener.focus();
      } else if (event.key === "ArrowDown") {
        if (list.hidden) open(true, true);
        else rows[(at + 1) % rows.length].focus();
      } else if (event.key === "ArrowUp" && !list.hidden) {
        rows[(at - 1 + rows.length) % rows.length].focus();
      } else if (event.key === "Home" && !list.hidden) {
        rows[0].focus();
      } else if (event.key === "End" && !list.hidden) {
        rows.at(-1).focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    box.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) open(false);
    });
    return box;
  }

  const group = (...members) => crel("span", { className: "tools__group" }, members);
  const style = crel(
    "select",
    { className: "tool-style" },
    STYLES.map(([name, level]) =>
      crel("option", { textContent: name, value: level ?? "" }),
    ),
  );
  style.setAttribute("aria-label", gettext("Style of the paragraph"));
  style.addEventListener("change", () => {
    const chain = back(editor);
    if (style.value) chain.setHeading({ level: Number(style.value) }).run();
    else chain.setParagraph().run();
  });
  const table = crel(
    "span",
    { className: "tools__group tools__table", hidden: true },
    TABLE.map(button),
  );
  const bar = crel("div", { className: "tools" }, [
    style,
    group(...INLINE.map(button)),
    group(...BLOCKS.map(button)),
    group(menu("plus", gettext("Insert"), INSERT), menu("more", gettext("More"), MORE)),
    group(...HISTORY.map(button)),
    table,
  ]);
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", gettext("Formatting"));
  frame.prepend(bar);

  let isDue = false;
  function update() {
    isDue = false;
    const level = String(editor.getAttributes("heading").level ?? "");
    if (style.value !== level) style.value = level;
    if (table.hidden === editor.isActive("table")) table.hidden = !table.hidden;
    for (const [one, { on, can }] of watched) {
      if (on) {
        const state = one.hasAttribute("aria-pressed") ? "aria-pressed" : "aria-checked";
        say(one, state, on(editor));
      }
      // Not `disabled`: a button that is left by that takes the focus with it.
      if (can) say(one, "aria-disabled", !can(editor));
    }
  }
  editor.on("transaction", () => {
    if (isDue) return;
    isDue = true;
    // After the frame: what was typed is shown first.
    requestAnimationFrame(() => setTimeout(update));
  });
  update();
  rove(bar, editor);
}

/** One stop for the Tab key; arrows go from tool to tool, Escape goes back to the text. */
function rove(bar, editor) {
  const tools = () =>
    [...bar.querySelectorAll(".tool-style, .tool")].filter((one) => one.offsetParent);
  const stop = (chosen) => {
    for (const one of bar.querySelectorAll(".tool-style, .tool"))
      one.tabIndex = one === chosen ? 0 : -1;
  };
  stop(bar.querySelector(".tool-style"));
  bar.addEventListener("focusin", ({ target }) => {
    if (target.matches(".tool-style, .tool")) stop(target);
  });
  bar.addEventListener("keydown", (event) => {
    const all = tools();
    const at = all.indexOf(document.activeElement);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") editor.view.focus();
    else if (at >= 0 && by) all[(at + by + all.length) % all.length].focus();
    else return;
    event.preventDefault();
  });
  editor.view.dom.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      bar.querySelector('[tabindex="0"]').focus();
    }
  });
}
