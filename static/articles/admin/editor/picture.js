// A picture in the text: its alt text and caption are written where it stands.
import { crel, gettext, Node, Plugin, pm } from "django-prose-editor/editor";
import { back } from "./dialog.js";
import { icon } from "./icons.js";

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const size = (value) => (/^[1-9][0-9]{0,4}$/.test(value ?? "") ? Number(value) : null);

/** The picker of the library, loaded when somebody first wants a picture. */
const picker = () => import("../picker.js");

export const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  isolating: true,
  draggable: true,

  addAttributes: () =>
    Object.fromEntries(
      ["picture", "src", "alt", "width", "height"].map((name) => [
        name,
        { default: name === "alt" ? "" : null },
      ]),
    ),

  parseHTML: () => [
    {
      tag: "figure[data-picture]",
      getAttrs(figure) {
        const image = figure.querySelector("img[src]");
        if (!image || !UID.test(figure.dataset.picture)) return false;
        return {
          picture: figure.dataset.picture,
          src: image.getAttribute("src"),
          alt: image.getAttribute("alt") ?? "",
          width: size(image.getAttribute("width")),
          height: size(image.getAttribute("height")),
        };
      },
      contentElement: (figure) =>
        figure.querySelector("figcaption") ?? document.createElement("figcaption"),
    },
  ],

  renderHTML({ node }) {
    const { picture, src, alt, width, height } = node.attrs;
    const dom = document.createElement("figure");
    dom.dataset.picture = picture;
    const image = document.createElement("img");
    for (const [name, value] of Object.entries({ src, alt, width, height })) {
      if (value !== null) image.setAttribute(name, value);
    }
    const contentDOM = document.createElement("figcaption");
    dom.append(image);
    if (node.content.size) dom.append(contentDOM);
    return { dom, contentDOM };
  },

  addNodeView() {
    return ({ node, editor, getPos }) => new PictureView(node, editor, getPos);
  },

  addCommands() {
    return {
      insertPicture:
        (picture) =>
        ({ commands }) =>
          commands.insertContent(nodeFor(picture)),
    };
  },

  addKeyboardShortcuts() {
    return {
      // A caption is one paragraph: the next one stands below its picture.
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== this.name) return false;
        const after = $from.after();
        return editor
          .chain()
          .insertContentAt(after, { type: "paragraph" })
          .setTextSelection(after + 1)
          .scrollIntoView()
          .run();
      },
      // Browsers lose their way among what cannot be written in.
      "Mod-End": ({ editor }) =>
        editor.chain().setTextSelection(lastPlace(editor)).scrollIntoView().run(),
      Backspace: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if (!empty || $from.parent.type.name !== this.name || $from.parentOffset) return false;
        return editor.commands.setNodeSelection($from.before());
      },
    };
  },

  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        props: {
          handlePaste(view, event) {
            const files = imagesOf(event.clipboardData);
            // A word processor puts a picture of the words beside them.
            if (!files.length || event.clipboardData.getData("text/plain").trim()) return false;
            uploadInto(editor, files, view.state.selection.from);
            return true;
          },
          handleDrop(view, event, _slice, moved) {
            const files = imagesOf(event.dataTransfer);
            if (moved || !files.length) return false;
            event.preventDefault();
            const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
            uploadInto(editor, files, place?.pos ?? view.state.doc.content.size);
            return true;
          },
        },
      }),
    ];
  },
});

const lastPlace = ({ state }) => pm.state.Selection.atEnd(state.doc).to;

function imagesOf(data) {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

function nodeFor({ uid, url, width, height, alt, caption, credit }) {
  const content = [];
  if (caption) content.push({ type: "text", text: credit ? `${caption} ` : caption });
  if (credit) content.push({ type: "text", text: credit, marks: [{ type: "cite" }] });
  return {
    type: "picture",
    attrs: { picture: uid, src: url, alt: alt ?? "", width, height },
    content,
  };
}

/** Upload files into the library, and put them where the caret was, whatever was typed since. */
async function uploadInto(editor, files, place) {
  const follow = ({ transaction }) => {
    place = transaction.mapping.map(place);
  };
  editor.on("transaction", follow);
  try {
    const { uploadPictures } = await picker();
    const pictures = (await uploadPictures(files)) ?? [];
    if (pictures.length) editor.commands.insertContentAt(place, pictures.map(nodeFor));
  } finally {
    editor.off("transaction", follow);
  }
}

/** Ask the library for a picture and put it where the caret is. */
export async function choosePicture(editor, trigger) {
  const { pickPicture } = await picker();
  const picture = await pickPicture({ trigger });
  if (picture) back(editor).insertPicture(picture).run();
}

class PictureView {
  constructor(node, editor, getPos) {
    Object.assign(this, { node, editor, getPos });
    this.image = crel("img", { draggable: false });
    this.alt = crel("input", { type: "text", className: "figure-tools__alt", maxLength: 500 });
    this.alt.placeholder = gettext("Alt text: what the picture shows");
    this.alt.setAttribute("aria-label", gettext("Alt text"));
    this.alt.addEventListener("input", () => this.set("alt", this.alt.value));
    this.alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      back(editor)
        .setTextSelection(this.getPos() + 1)
        .run();
    });
    this.tools = crel("div", { className: "figure-tools", contentEditable: "false" }, [
      this.alt,
      this.button("picture", gettext("Another picture"), (event) => this.change(event)),
      this.button("cite", gettext("Credit"), () => this.credit()),
      this.button("remove", gettext("Remove picture"), () => this.remove()),
    ]);
    this.contentDOM = crel("figcaption");
    this.contentDOM.dataset.placeholder = gettext("Caption");
    const figure = crel("div", { className: "figure-frame", contentEditable: "false" }, [
      this.image,
    ]);
    this.dom = crel("figure", { className: "picture-node" }, [figure, this.tools, this.contentDOM]);
    this.tools.hidden = !editor.isEditable;
    this.show();
  }

  button(sign, name, act) {
    const button = crel("button", { type: "button", title: name }, [icon(sign)]);
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  }

  show() {
    const { src, alt, width, height } = this.node.attrs;
    if (this.image.getAttribute("src") !== src) this.image.src = src;
    this.image.alt = alt;
    if (width) this.image.width = width;
    if (height) this.image.height = height;
    if (this.alt.value !== alt) this.alt.value = alt;
    this.contentDOM.classList.toggle("is-empty", !this.node.content.size);
  }

  set(name, value) {
    const { view } = this.editor;
    view.dispatch(view.state.tr.setNodeAttribute(this.getPos(), name, value));
  }

  async change(event) {
    const { pickPicture } = await picker();
    const picture = await pickPicture({ trigger: event.currentTarget });
    if (!picture) return;
    const from = this.getPos();
    const { view, schema } = this.editor;
    const node = pm.model.Node.fromJSON(schema, nodeFor(picture));
    view.dispatch(view.state.tr.replaceWith(from, from + this.node.nodeSize, node));
  }

  /** Put the caret into the credit, or begin one at the caption's end. */
  credit() {
    const end = this.getPos() + this.node.nodeSize - 1;
    const last = this.node.lastChild;
    const chain = back(this.editor);
    if (last?.marks.some((mark) => mark.type.name === "cite")) {
      chain.setTextSelection(end).run();
      return;
    }
    const words = gettext("Credit");
    chain
      .insertContentAt(end, [
        ...(last ? [{ type: "text", text: " " }] : []),
        { type: "text", text: words, marks: [{ type: "cite" }] },
      ])
      .setTextSelection({
        from: end + (last ? 1 : 0),
        to: end + (last ? 1 : 0) + words.length,
      })
      .run();
  }

  remove() {
    const from = this.getPos();
    back(this.editor)
      .deleteRange({ from, to: from + this.node.nodeSize })
      .run();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  stopEvent(event) {
    return this.tools.contains(event.target);
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}
