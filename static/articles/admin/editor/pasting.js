// What is pasted into the body comes in clean.
import { Extension, Plugin, pm } from "django-prose-editor/editor";
import { cleanHtml, cleanText } from "./paste.js";

export const Paste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          // What an editor of ours has copied is clean, and knows more than HTML can say.
          transformPastedHTML: (html) => (html.includes("data-pm-slice") ? html : cleanHtml(html)),
          clipboardTextParser(text, $context, isPlain, view) {
            const holder = document.createElement("div");
            holder.innerHTML = cleanText(text);
            return pm.model.DOMParser.fromSchema(view.state.schema).parseSlice(holder, {
              preserveWhitespace: true,
              context: $context,
            });
          },
        },
      }),
    ];
  },
});
