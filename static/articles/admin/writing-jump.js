// From a finding of the gate to its place: a field, or the very words in the text.

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// A quotation may be cut short and has single blanks; the text may have others.
function pattern(excerpt) {
  const words = excerpt.replace(/^…|…$/g, "").trim().split(/\s+/);
  if (words.length === 1 && !words[0]) return null;
  return new RegExp(words.map(escaped).join("[\\s\\u00a0]+"), "u");
}

function selectInEditor(editor, wanted) {
  let found = null;
  editor.state.doc.descendants((node, at) => {
    if (found || !node.isTextblock) return !found;
    // One letter for each thing that is no text, so that offsets are places.
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    const match = wanted.exec(text);
    if (match) {
      const from = at + 1 + match.index;
      found = { from, to: from + match[0].length };
    }
    return false;
  });
  if (!found) return false;
  editor.commands.setTextSelection(found);
  editor.commands.focus(null, { scrollIntoView: false });
  return true;
}

function bring(place) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // What stands in the panel does not move the text.
  const block = place.closest("#panel") ? "nearest" : "center";
  place.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

function toBody(excerpt) {
  const surface = document.querySelector(".prose-editor .ProseMirror");
  const editor = surface?.editor;
  if (!editor) return false;
  surface.dispatchEvent(new CustomEvent("newsroom:reveal", { bubbles: true }));
  const wanted = excerpt && pattern(excerpt);
  if (wanted && selectInEditor(editor, wanted)) {
    const { node } = editor.view.domAtPos(editor.state.selection.from);
    bring(node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  } else {
    editor.commands.focus();
    bring(surface);
  }
  return true;
}

function toField(id, excerpt) {
  const place = document.getElementById(id);
  if (!place) return false;
  place.dispatchEvent(new CustomEvent("newsroom:reveal", { bubbles: true }));
  // A choice with search hides its field behind a box of its own.
  const select = place.matches("select")
    ? place.parentElement.querySelector(".select2-selection, [role='combobox']")
    : null;
  const focusable = "input:not([type='hidden']), textarea, select, button, a";
  const target = select ?? (place.matches(focusable) ? place : place.querySelector(focusable));
  bring(place.offsetParent ? place : (target ?? place));
  (target ?? place).focus({ preventScroll: true });
  const wanted = excerpt && pattern(excerpt);
  const match = wanted && typeof place.value === "string" && wanted.exec(place.value);
  if (match && place.setSelectionRange) {
    place.setSelectionRange(match.index, match.index + match[0].length);
  }
  return true;
}

document.getElementById("panel")?.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (!jump) return;
  const { jump: field, excerpt } = jump.dataset;
  const done = field === "body" ? toBody(excerpt) : toField(jump.hash.slice(1), excerpt);
  if (done) event.preventDefault();
});
