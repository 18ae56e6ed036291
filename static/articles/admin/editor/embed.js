// Another site's page in the text: a card here, a figure for readers that loads on a click only.
import { crel, gettext, Node, Plugin, pm } from "django-prose-editor/editor";
import { ask, back } from "./dialog.js";
import { folded } from "./footnote.js";
import { icon } from "./icons.js";
import { withoutTracking } from "./paste.js";

const ADDRESS = /^https:\/\/[a-zA-Z0-9.-]+(:[0-9]+)?([/?#][!-~]*)?$/;

/** Return a typed or pasted address as an embed keeps it, or null. */
export function embeddable(text) {
  const address = text.trim();
  if (!/^https:\/\/\S+$/.test(address)) return null;
  try {
    const whole = withoutTracking(new URL(address)).href;
    return ADDRESS.test(whole) ? whole : null;
  } catch {
    return null;
  }
}

const hostOf = (address) => new URL(address).hostname.replace(/^www\./, "");
const offerKey = new pm.state.PluginKey("embedOffer");

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes: () => ({ address: { default: null }, title: { default: "" } }),

  parseHTML: () => [
    {
      tag: "figure[data-embed]",
      getAttrs(figure) {
        const address = figure.dataset.embed;
        if (!ADDRESS.test(address)) return false;
        const title = folded(figure.textContent);
        return { address, title: title === address ? "" : title };
      },
    },
  ],
  renderHTML: ({ node: { attrs } }) => [
    "figure",
    { class: "embed", "data-embed": attrs.address },
    ["a", { href: attrs.address }, attrs.title || attrs.address],
  ],
  renderText: ({ node }) => node.attrs.address,

  addNodeView() {
    return ({ node, editor, getPos }) => new EmbedView(node, editor, getPos);
  },

  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        key: offerKey,
        state: {
          init: () => null,
          apply(transaction, offer) {
            const given = transaction.getMeta(offerKey);
            if (given !== undefined) return given;
            if (!offer || !transaction.docChanged) return offer;
            const { pos, deleted } = transaction.mapping.mapResult(offer.place);
            // Whoever writes on has answered.
            return deleted || transaction.getMeta("uiEvent") ? null : { ...offer, place: pos };
          },
        },
        props: {
          decorations(state) {
            const offer = offerKey.getState(state);
            if (!offer) return null;
            const make = () => offerBar(editor, offer.address);
            return pm.view.DecorationSet.create(state.doc, [
              pm.view.Decoration.widget(offer.place, make, {
                side: 1,
                key: offer.address,
                stopEvent: () => true,
                ignoreSelection: true,
              }),
            ]);
          },
          handlePaste(view, event) {
            const { $from, empty } = view.state.selection;
            const isLine = empty && $from.parent.isTextblock && !$from.parent.content.size;
            const address = isLine && embeddable(event.clipboardData.getData("text/plain"));
            if (!address || $from.depth !== 1 || $from.parent.type.name !== "paragraph") {
              return false;
            }
            const mark = view.state.schema.marks.link.create({ href: address });
            const transaction = view.state.tr
              .replaceSelectionWith(view.state.schema.text(address, [mark]), false)
              .removeStoredMark(mark);
            const place = transaction.selection.$from.after(1);
            view.dispatch(transaction.setMeta(offerKey, { place, address }).scrollIntoView());
            return true;
          },
          handleKeyDown(view, event) {
            if (!offerKey.getState(view.state)) return false;
            if (event.key === "Tab" && !event.shiftKey) {
              event.preventDefault();
              view.dom.querySelector(".embed-offer button")?.focus();
              return true;
            }
            if (!event.ctrlKey && !event.metaKey && event.key !== "Shift") closeOffer(view);
            return false;
          },
        },
      }),
    ];
  },
});

function closeOffer(view) {
  view.dispatch(view.state.tr.setMeta(offerKey, null));
}

function offerBar(editor, address) {
  const show = crel("button", { type: "button", textContent: gettext("Show as an embed") });
  const keep = crel("button", { type: "button", textContent: gettext("Keep the link") });
  show.addEventListener("click", () => {
    const { place } = offerKey.getState(editor.state);
    const from = editor.state.doc.resolve(place).nodeBefore.nodeSize;
    closeOffer(editor.view);
    back(editor)
      .deleteRange({ from: place - from, to: place })
      .run();
    insertEmbed(editor, address, place - from);
  });
  keep.addEventListener("click", () => {
    closeOffer(editor.view);
    editor.view.focus();
  });
  return crel("div", { className: "embed-offer", contentEditable: "false" }, [show, keep]);
}

/** Put an embed at a place, with a line below it; its title follows when its page tells one. */
function insertEmbed(editor, address, place = editor.state.selection.to) {
  const node = { type: "embed", attrs: { address } };
  editor.commands.insertContentAt(place, [node, { type: "paragraph" }]);
  const { form } = editor.view.dom.closest(".prose-editor").querySelector("textarea");
  titleOf(address, form).then((title) => {
    if (!title) return;
    editor.state.doc.descendants((found, at) => {
      const isOurs = found.type.name === "embed" && found.attrs.address === address;
      if (isOurs && !found.attrs.title) {
        editor.view.dispatch(editor.state.tr.setNodeAttribute(at, "title", title));
      }
      return !found.isTextblock;
    });
  });
}

/** What the page at an address calls itself; "" where nobody can say. */
async function titleOf(address, form) {
  const desk = location.pathname.match(/^.*\/articles\/article\//)?.[0];
  const body = new URLSearchParams({ url: address });
  const token = form?.elements.csrfmiddlewaretoken?.value;
  if (!desk || !token) return "";
  try {
    const headers = { "X-CSRFToken": token };
    const answer = await fetch(`${desk}lookup/page/`, { method: "POST", body, headers });
    return answer.ok ? ((await answer.json()).title ?? "") : "";
  } catch {
    return "";
  }
}

/** Ask for an address and put its page into the text. */
export async function askForEmbed(editor) {
  const answer = await ask({
    title: gettext("Embed"),
    fields: [
      {
        name: "address",
        label: gettext("Address"),
        type: "url",
        required: true,
        pattern: "https://.+",
        placeholder: "https://",
        hint: gettext(
          "A video or a post. Readers load it by a click; until then nobody else sees them.",
        ),
      },
    ],
  });
  const address = answer && embeddable(answer.address);
  if (address) insertEmbed(editor, address);
  editor.view.focus();
}

class EmbedView {
  constructor(node, editor, getPos) {
    Object.assign(this, { node, editor, getPos });
    this.title = crel("input", { type: "text", className: "figure-tools__alt" });
    this.title.placeholder = gettext("Title: what readers find here");
    this.title.setAttribute("aria-label", gettext("Title of the embed"));
    this.title.disabled = !editor.isEditable;
    this.title.addEventListener("input", () => {
      const text = folded(this.title.value);
      editor.view.dispatch(editor.state.tr.setNodeAttribute(this.getPos(), "title", text));
    });
    this.host = crel("a", { className: "embed-node__host", target: "_blank", rel: "noopener" });
    const remove = crel("button", { type: "button", title: gettext("Remove embed") }, [
      icon("remove"),
    ]);
    remove.setAttribute("aria-label", remove.title);
    remove.hidden = !editor.isEditable;
    remove.addEventListener("click", () => {
      const from = this.getPos();
      back(editor)
        .deleteRange({ from, to: from + 1 })
        .run();
    });
    this.tools = crel("div", { className: "figure-tools" }, [this.title, remove]);
    this.dom = crel("figure", { className: "embed-node", contentEditable: "false" }, [
      crel("p", { className: "embed-node__head" }, [icon("embed"), this.host]),
      this.tools,
    ]);
    this.show();
  }

  show() {
    const { address, title } = this.node.attrs;
    this.host.href = address;
    this.host.textContent = hostOf(address);
    if (document.activeElement !== this.title) this.title.value = title;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  stopEvent(event) {
    return this.tools.contains(event.target) || event.target === this.host;
  }

  ignoreMutation() {
    return true;
  }
}
