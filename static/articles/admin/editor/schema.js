// What a body is made of beside words: the nodes and marks that the package has otherwise, or not.
// What they write is what articles/text/html.py lets through, to the letter.
import * as editing from "django-prose-editor/editor";

const { Extension, Mark, Node, Plugin, pm } = editing;

/** A numbered list writes its start and its kind only where they are not 1, 2, 3. */
export const OrderedList = editing.OrderedList.extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => {
          const start = Number.parseInt(element.getAttribute("start"), 10);
          return Number.isInteger(start) && Math.abs(start) < 1e6 ? start : 1;
        },
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
      type: {
        default: null,
        parseHTML: (element) => {
          const type = element.getAttribute("type");
          return ["a", "A", "i", "I"].includes(type) ? type : null;
        },
        renderHTML: ({ type }) => (type ? { type } : {}),
      },
    };
  },
  addNodeView: null,
});

const span = (name) => ({
  default: 1,
  parseHTML: (element) =>
    Math.min(Math.max(Number.parseInt(element.getAttribute(name), 10) || 1, 1), 99),
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});

const cell = {
  addAttributes() {
    return {
      colspan: span("colspan"),
      rowspan: span("rowspan"),
      // The table's own commands look for it; a width is the stylesheet's business.
      colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
    };
  },
};

export const TableCell = editing.TableCell.extend(cell);
export const TableHeader = editing.TableHeader.extend(cell);
export const Table = editing.Table.extend({
  // Its own view sets widths of columns, which no reader gets.
  addNodeView: null,
  renderHTML: () => ["table", ["tbody", 0]],
});

export const Pullquote = Node.create({
  name: "pullquote",
  group: "block",
  content: "paragraph+",
  defining: true,
  parseHTML: () => [{ tag: "aside.pullquote" }],
  renderHTML: () => ["aside", { class: "pullquote" }, 0],
  addCommands() {
    return {
      togglePullquote:
        () =>
        ({ commands }) =>
          commands.toggleWrap(this.name),
    };
  },
});

/** Whose words or whose picture it is: the source of a quote, the credit in a caption. */
export const Cite = Mark.create({
  name: "cite",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],
  addCommands() {
    return {
      toggleCite:
        () =>
        ({ commands }) =>
          commands.toggleMark(this.name),
    };
  },
});

/** Words in an empty body that say what it is for; looks at one node, however long the text. */
export const Prompt = Extension.create({
  name: "prompt",
  addOptions: () => ({ text: "" }),
  addProseMirrorPlugins() {
    const { text } = this.options;
    return [
      new Plugin({
        props: {
          decorations({ doc }) {
            const first = doc.firstChild;
            if (doc.childCount !== 1 || !first.isTextblock || first.content.size) return null;
            return pm.view.DecorationSet.create(doc, [
              pm.view.Decoration.node(0, first.nodeSize, {
                class: "is-editor-empty",
                "data-placeholder": text,
              }),
            ]);
          },
        },
      }),
    ];
  },
});
