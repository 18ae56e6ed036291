// Starts the rich text editor on an article's body.
import * as editing from "django-prose-editor/editor";

const CONFIG = "data-django-prose-editor-configurable";
// What the buttons' icons mean, for whoever cannot see them.
const NAMES = {
  paragraph: "Paragraph",
  bulletList: "Bullet list",
  orderedList: "Numbered list",
  blockquote: "Quote",
  horizontalRule: "Rule",
  bold: "Bold",
  italic: "Italic",
  strike: "Struck through",
  subscript: "Subscript",
  superscript: "Superscript",
  link: "Link",
  unlink: "Remove link",
  undo: "Undo",
  redo: "Redo",
  html: "HTML",
  insertTable: "Insert table",
};

function nameButtons(frame) {
  for (const button of frame.querySelectorAll(".prose-menubar button, .prose-menubar__selected")) {
    const name = button.dataset.name;
    if (!name || button.title) continue;
    const spoken = NAMES[name] ?? name.replace(/([A-Z0-9])/g, " $1").replaceAll(":", " ").trim();
    button.title = editing.gettext(spoken.charAt(0).toUpperCase() + spoken.slice(1));
    button.setAttribute("aria-label", button.title);
  }
}

function start(textarea) {
  const { extensions } = JSON.parse(textarea.getAttribute(CONFIG));
  const chosen = Object.entries(extensions)
    .filter(([name]) => editing[name])
    .map(([name, options]) =>
      typeof options === "object" ? editing[name].configure(options) : editing[name],
    );
  if (textarea.placeholder) {
    chosen.push(editing.Placeholder.configure({ placeholder: textarea.placeholder }));
  }
  const frame = document.createElement("div");
  frame.className = textarea.disabled ? "prose-editor disabled" : "prose-editor";
  textarea.before(frame);
  frame.append(textarea);
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const editor = new editing.Editor({
    element: frame,
    editable: !textarea.disabled,
    extensions: chosen,
    content: textarea.value,
    // The rules it would put into a style element stand in body.css: the page's policy allows
    // no style that does not come from a file.
    injectCSS: false,
    editorProps: {
      attributes: { "aria-label": label?.textContent.trim().replace(/:$/, "") || "Text" },
    },
    onUpdate() {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  nameButtons(frame);
  editor.on("transaction", () => nameButtons(frame));
  label?.addEventListener("click", () => editor.commands.focus());
  // Elsewhere on the page, whoever wants to reach the editor asks its text field.
  textarea.dispatchEvent(
    new CustomEvent("prose-editor:ready", { detail: { editor, textarea }, bubbles: true }),
  );
}

for (const textarea of document.querySelectorAll(`textarea[${CONFIG}]`)) start(textarea);
