// Starts the rich text editor on an article's body.
import * as editing from "django-prose-editor/editor";
import { Embed } from "./editor/embed.js";
import { Find } from "./editor/find.js";
import { Footnote, showNotes } from "./editor/footnote.js";
import { Link } from "./editor/link.js";
import { Paste } from "./editor/pasting.js";
import { Picture } from "./editor/picture.js";
import {
  Cite,
  OrderedList,
  Prompt,
  Pullquote,
  Table,
  TableCell,
  TableHeader,
} from "./editor/schema.js";
import { showToolbar } from "./editor/toolbar.js";
import { keepValue } from "./editor/value.js";

const CONFIG = "data-django-prose-editor-configurable";
const OWN = {
  Cite,
  Embed,
  Footnote,
  Link,
  OrderedList,
  Picture,
  Pullquote,
  Table,
  TableCell,
  TableHeader,
};
// The package's toolbar, which is looked at with every key, and what turns spelling help off.
const LEFT_OUT = new Set(["Menu", "NoSpellCheck"]);

function start(textarea) {
  const { extensions } = JSON.parse(textarea.getAttribute(CONFIG));
  const chosen = Object.entries(extensions)
    .filter(([name]) => !LEFT_OUT.has(name) && (OWN[name] ?? editing[name]))
    .map(([name, options]) => {
      const extension = OWN[name] ?? editing[name];
      return typeof options === "object" ? extension.configure(options) : extension;
    });
  const frame = document.createElement("div");
  frame.className = textarea.disabled ? "prose-editor disabled" : "prose-editor";
  textarea.before(frame);
  frame.append(textarea);
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const editor = new editing.Editor({
    element: frame,
    editable: !textarea.disabled,
    extensions: [...chosen, Find, Paste, Prompt.configure({ text: textarea.placeholder })],
    content: textarea.value,
    // The rules it would put into a style element stand in body.css: the page's policy allows
    // no style that does not come from a file.
    injectCSS: false,
    editorProps: {
      attributes: {
        "aria-label": label?.textContent.trim().replace(/:$/, "") || editing.gettext("Text"),
      },
    },
  });
  keepValue(editor, textarea);
  if (editor.isEditable) showToolbar(editor, frame);
  showNotes(editor, frame);
  label?.addEventListener("click", () => editor.commands.focus());
  frame.addEventListener("mousedown", (event) => {
    if (event.target === editor.view.dom) writeBelow(editor, event);
  });
  // Elsewhere on the page, whoever wants to reach the editor asks its text field: by the event, or
  // later on.
  textarea.proseEditor = editor;
  textarea.dispatchEvent(
    new CustomEvent("prose-editor:ready", { detail: { editor, textarea }, bubbles: true }),
  );
}

/** A click below a picture or a table that ends the text begins a paragraph there. */
function writeBelow(editor, event) {
  const { doc } = editor.state;
  const last = editor.view.dom.lastElementChild;
  const isBelow = last && event.clientY > last.getBoundingClientRect().bottom;
  if (!isBelow || !editor.isEditable || doc.lastChild.isTextblock) return;
  event.preventDefault();
  editor.chain().insertContentAt(doc.content.size, { type: "paragraph" }).focus("end").run();
}

for (const textarea of document.querySelectorAll(`textarea[${CONFIG}]`)) start(textarea);
