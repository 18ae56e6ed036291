// Notes: a mark in the line, its words in a list below the text, numbered by themselves.
import { crel, gettext, Node } from "django-prose-editor/editor";
import { back } from "./dialog.js";

/** One line, whose no-break spaces stay. */
export const folded = (text) => text.replace(/[ \t\r\n]+/g, " ").trim();

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  marks: "",

  addAttributes: () => ({ text: { default: "" } }),

  // Before the mark for superscript, whose element it shares.
  parseHTML: () => [
    {
      tag: "sup.footnote",
      priority: 100,
      getAttrs: (element) => ({ text: folded(element.textContent) }),
    },
  ],
  renderHTML: ({ node }) => ["sup", { class: "footnote" }, node.attrs.text],
  renderText: ({ node }) => ` [${node.attrs.text}]`,

  addNodeView() {
    return ({ node, editor, getPos }) => new Marker(node, editor, getPos);
  },

  addCommands() {
    return {
      insertFootnote:
        (text = "") =>
        ({ chain, state }) => {
          const { to } = state.selection;
          return chain().insertContentAt(to, { type: this.name, attrs: { text } }).run();
        },
    };
  },
});

class Marker {
  constructor(node, editor, getPos) {
    this.node = node;
    // Its number is set by the list of notes, which knows them all.
    this.dom = crel("sup", { className: "note-marker", title: node.attrs.text });
    this.dom.setAttribute("role", "button");
    this.dom.addEventListener("click", () =>
      editor.view.dom.dispatchEvent(new CustomEvent("note:open", { detail: getPos() })),
    );
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.dom.title = node.attrs.text;
    return true;
  }
}

/** Keep a list of the text's notes below it, in which they are written. */
export function showNotes(editor, frame) {
  const list = crel("ol", { className: "notes__list" });
  const title = crel("p", { className: "notes__title", textContent: gettext("Notes") });
  const panel = crel("div", { className: "notes", hidden: true }, [title, list]);
  frame.append(panel);
  let places = [];
  let timer = 0;

  function found() {
    const notes = [];
    editor.state.doc.descendants((node, place) => {
      if (node.type.name === "footnote") notes.push({ node, place });
      return !node.isTextblock || node.childCount > 1;
    });
    return notes;
  }

  function row(index) {
    const text = crel("textarea", { rows: 1 });
    text.placeholder = gettext("Source or remark");
    text.setAttribute("aria-label", `${gettext("Note")} ${index + 1}`);
    text.disabled = !editor.isEditable;
    text.addEventListener("input", () => {
      show();
      const note = places[index];
      if (!note) return;
      const words = folded(text.value);
      editor.view.dispatch(editor.state.tr.setNodeAttribute(note.place, "text", words));
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && event.key !== "Enter") return;
      event.preventDefault();
      show();
      const note = places[index];
      if (note)
        back(editor)
          .setTextSelection(note.place + 1)
          .scrollIntoView()
          .run();
    });
    return crel("li", {}, [text]);
  }

  function show() {
    timer = 0;
    places = found();
    panel.hidden = !places.length;
    while (list.children.length > places.length) list.lastElementChild.remove();
    while (list.children.length < places.length) list.append(row(list.children.length));
    for (const [index, { node, place }] of places.entries()) {
      const text = list.children[index].firstElementChild;
      if (text !== document.activeElement && text.value !== node.attrs.text) {
        text.value = node.attrs.text;
      }
      const marker = editor.view.nodeDOM(place);
      if (marker && marker.dataset.number !== String(index + 1)) marker.dataset.number = index + 1;
    }
  }

  editor.on("update", () => {
    // The whole text is looked at: not with each key.
    timer ||= setTimeout(show, 120);
  });
  editor.view.dom.addEventListener("note:open", ({ detail: place }) => {
    show();
    list.children[places.findIndex((note) => note.place === place)]?.firstElementChild.focus();
  });
  show();
}

/** Set a note behind the caret and go on to write it. */
export function addNote(editor) {
  const { to } = editor.state.selection;
  back(editor).insertFootnote().run();
  const { doc } = editor.state;
  const place = doc.nodeAt(to)?.type.name === "footnote" ? to : to - 1;
  editor.view.dom.dispatchEvent(new CustomEvent("note:open", { detail: place }));
}
