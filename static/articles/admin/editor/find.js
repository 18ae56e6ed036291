// Find and replace, in a bar above the text.
import { crel, Extension, gettext, Plugin, pm } from "django-prose-editor/editor";
import { back } from "./dialog.js";
import { icon } from "./icons.js";

const { Decoration, DecorationSet } = pm.view;
const key = new pm.state.PluginKey("find");
const NOTHING = { pattern: null, matches: [], at: -1, shown: DecorationSet.empty };

/** Return the expression that finds typed words: marks and blanks as they may have been set. */
export function patternOf(words, matchCase) {
  if (!words) return null;
  const source = words
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/['’‘]/g, "['’‘]")
    .replace(/["“”„]/g, '["“”„]')
    .replace(/[ \u00a0]/g, "[ \u00a0\u202f]");
  return new RegExp(source, matchCase ? "gu" : "giu");
}

function matchesIn(doc, pattern) {
  const found = [];
  if (!pattern) return found;
  doc.descendants((node, place) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    for (const match of text.matchAll(pattern)) {
      const from = place + 1 + match.index;
      if (match[0]) found.push({ from, to: from + match[0].length });
    }
    return false;
  });
  return found;
}

function shown(doc, matches, at) {
  return DecorationSet.create(
    doc,
    matches.map(({ from, to }, index) =>
      Decoration.inline(from, to, { class: index === at ? "found found--here" : "found" }),
    ),
  );
}

export const Find = Extension.create({
  name: "find",
  addStorage: () => ({ bar: null }),
  addKeyboardShortcuts() {
    const open = () => {
      this.storage.bar ??= new Bar(this.editor);
      this.storage.bar.open();
      return true;
    };
    return { "Mod-Shift-f": open, "Ctrl-h": open };
  },
  addCommands() {
    return {
      openFind: () => () => {
        this.storage.bar ??= new Bar(this.editor);
        // The command's own transaction goes first.
        setTimeout(() => this.storage.bar.open());
        return true;
      },
    };
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      key,
      state: {
        init: () => NOTHING,
        apply(transaction, found) {
          const given = transaction.getMeta(key);
          if (given) return given;
          if (!found.pattern || !transaction.docChanged) return found;
          return { ...found, shown: found.shown.map(transaction.mapping, transaction.doc) };
        },
      },
      props: { decorations: (state) => key.getState(state).shown },
    }),
  ],
});

class Bar {
  constructor(editor) {
    this.editor = editor;
    this.words = this.field(gettext("Find"));
    this.other = this.field(gettext("Replace with"));
    this.matchCase = crel("input", { type: "checkbox" });
    this.count = crel("output", { className: "find__count" });
    const bar = crel("div", { className: "find", hidden: true }, [
      crel("div", { className: "find__row" }, [
        this.words,
        this.button(gettext("Previous"), () => this.step(-1), "up"),
        this.button(gettext("Next"), () => this.step(1), "down"),
        this.count,
        crel("label", { className: "find__case" }, [this.matchCase, gettext("Match case")]),
        this.button(gettext("Close"), () => this.close(), "close"),
      ]),
      crel("div", { className: "find__row" }, [
        this.other,
        this.button(gettext("Replace"), () => this.replace()),
        this.button(gettext("Replace all"), () => this.replaceAll()),
      ]),
    ]);
    bar.setAttribute("role", "search");
    bar.setAttribute("aria-label", gettext("Find and replace"));
    this.dom = bar;
    editor.view.dom.before(bar);
    this.words.addEventListener("input", () => this.look(true));
    this.matchCase.addEventListener("change", () => this.look(true));
    bar.addEventListener("keydown", (event) => this.pressed(event));
    editor.on("update", () => {
      if (this.dom.hidden) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(false), 150);
    });
  }

  field(name) {
    const input = crel("input", { type: "text", placeholder: name, autocomplete: "off" });
    input.setAttribute("aria-label", name);
    return input;
  }

  button(name, act, sign) {
    const button = crel("button", { type: "button", title: name }, [sign ? icon(sign) : name]);
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  }

  pressed(event) {
    // Neither the form nor the page's own keys hear what is typed here.
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.other) this.replace();
    else if (event.key === "Enter" && event.target === this.words)
      this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  open() {
    const { from, to } = this.editor.state.selection;
    const chosen = this.editor.state.doc.textBetween(from, to, "\n");
    if (chosen && !chosen.includes("\n") && chosen.length < 100) this.words.value = chosen;
    this.dom.hidden = false;
    this.words.focus();
    this.words.select();
    this.look(true);
  }

  close() {
    const here = this.matches?.[this.at];
    this.dom.hidden = true;
    this.show(NOTHING);
    const chain = back(this.editor);
    (here ? chain.setTextSelection(here) : chain).run();
  }

  show(found) {
    this.editor.view.dispatch(
      this.editor.state.tr.setMeta(key, found).setMeta("addToHistory", false),
    );
  }

  /** Look for the words anew; `from the caret` the first time, else at the place one is at. */
  look(isNew) {
    const { doc, selection } = this.editor.state;
    this.pattern = patternOf(this.words.value, this.matchCase.checked);
    this.matches = matchesIn(doc, this.pattern);
    if (isNew) this.at = this.matches.findIndex(({ from }) => from >= selection.from);
    if (this.at >= this.matches.length || this.at < 0) this.at = this.matches.length ? 0 : -1;
    this.draw(isNew);
  }

  draw(isMoving) {
    const { matches, at, pattern } = this;
    const { doc } = this.editor.state;
    this.show(pattern ? { pattern, matches, at, shown: shown(doc, matches, at) } : NOTHING);
    this.count.textContent = pattern ? `${at + 1} / ${matches.length}` : "";
    if (isMoving) {
      this.editor.view.dom.querySelector(".found--here")?.scrollIntoView({ block: "center" });
    }
  }

  step(by) {
    if (!this.matches?.length) return;
    this.at = (this.at + by + this.matches.length) % this.matches.length;
    this.draw(true);
  }

  replace() {
    this.look(false);
    const here = this.matches[this.at];
    if (!here) return;
    this.editor.view.dispatch(put(this.editor.state.tr, here, this.other.value));
    this.look(false);
    this.draw(true);
  }

  replaceAll() {
    this.look(false);
    if (!this.matches.length) return;
    const { tr } = this.editor.state;
    // From the end, so that no place moves before it is reached.
    for (const match of this.matches.toReversed()) put(tr, match, this.other.value);
    this.editor.view.dispatch(tr);
    const number = this.matches.length;
    this.look(false);
    this.count.textContent = `${number} ${gettext("replaced")}`;
  }
}

/** Replace a place by words in the marks of its first letter. */
function put(transaction, { from, to }, words) {
  if (!words) return transaction.delete(from, to);
  const marks = transaction.doc.nodeAt(from)?.marks ?? [];
  return transaction.replaceWith(from, to, transaction.doc.type.schema.text(words, marks));
}
