// Keeps the body's text field the HTML of what stands in the editor.
import { pm } from "django-prose-editor/editor";

/** Milliseconds after the last key, and at most, until the field follows. */
const PAUSE = 80;
const LONGEST = 1000;

// A block that did not change is the same object: only what was typed into is written anew.
const written = new WeakMap();

/** Return the HTML of a document; "" for one without words. */
export function htmlOf({ doc, schema }) {
  const first = doc.firstChild;
  if (doc.childCount === 1 && first.isTextblock && !first.content.size) return "";
  const serializer = pm.model.DOMSerializer.fromSchema(schema);
  let html = "";
  doc.forEach((block) => {
    let own = written.get(block);
    if (own === undefined) {
      own = serializer.serializeNode(block).outerHTML;
      written.set(block, own);
    }
    html += own;
  });
  return html;
}

export function keepValue(editor, textarea) {
  let timer = 0;
  let since = 0;

  function write() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    textarea.value = htmlOf(editor.state);
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  editor.on("update", () => {
    const now = performance.now();
    if (!timer) since = now;
    clearTimeout(timer);
    timer = setTimeout(write, Math.max(0, Math.min(PAUSE, since + LONGEST - now)));
  });
  editor.on("blur", write);
  textarea.addEventListener("prose-editor:flush", write);
  // Before anybody else hears of it: whoever reads the form then finds the text in it.
  window.addEventListener("submit", write, true);
  window.addEventListener("pagehide", write, true);
  document.addEventListener("visibilitychange", write, true);
}
