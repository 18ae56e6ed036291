// What the archive says while somebody writes: near stories, topics, links, and doubles.
// All of it is asked for when the keys rest; nothing waits for the answer.

import { element, fill } from "./combobox.js";

const QUIET = 4000; // milliseconds without a key: a pause to think, not one between two words
const TAGS_QUIET = 600;
const form = document.getElementById("article_form");
const near = document.getElementById("near");
const hints = document.querySelector("[data-hints]");

/** The article's number; "" until it has one. */
const own = () => location.pathname.match(/\/(\d+)\/change\//)?.[1] ?? "";
const field = (name) => form.elements.namedItem(name);
const token = () => field("csrfmiddlewaretoken")?.value ?? "";
const debounced = (act, pause) => {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, pause);
  };
};

/** Send fields and return what `read` makes of the answer; null where there is none. An earlier
 * question is dropped, even while its answer is being read. */
function asker(read) {
  let asked = null;
  return async (address, fields, { isPost = true } = {}) => {
    asked?.abort();
    const ours = new AbortController();
    asked = ours;
    const options = { signal: ours.signal };
    let whole = address;
    if (isPost) {
      options.method = "POST";
      options.body = new FormData();
      for (const [name, value] of Object.entries(fields)) options.body.set(name, value);
      options.body.set("csrfmiddlewaretoken", token());
    } else whole += `?${new URLSearchParams(fields)}`;
    try {
      const answer = await fetch(whole, options);
      const said = answer.ok && !answer.redirected ? await read(answer) : null;
      return ours.signal.aborted ? null : said;
    } catch {
      // A courtesy: without it nothing is missing.
      return null;
    }
  };
}

// --- near stories ---------------------------------------------------------------------------------

const group = () => document.querySelector(".lines.rows-related_links");
const linked = () =>
  [...(group()?.querySelectorAll(".row:not(.is-removed) [name$='-target']") ?? [])]
    .map((select) => select.value)
    .filter(Boolean)
    .join(",");
const askNear = asker((answer) => answer.text());

async function draw(change) {
  const fields = { id: own(), not: linked(), ...change };
  const tags = field("tags");
  if (!change && tags) fields.tags = tags.value;
  const html = await askNear(near.dataset.near, fields, { isPost: Boolean(change) });
  // What stays is left alone: it may be under somebody's finger.
  if (!html || html === near.dataset.drawn) return;
  const isHere = near.contains(document.activeElement);
  near.innerHTML = html;
  near.dataset.drawn = html;
  if (isHere) near.querySelector("button")?.focus();
}

if (near && form) {
  near.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "_pin") {
      group()?.dispatchEvent(new CustomEvent("newsroom:pin", { detail: button.value }));
    } else draw({ [button.name.slice(1)]: button.value });
  });
  form.addEventListener("newsroom:lines", () => draw());
  field("tags")?.addEventListener("input", debounced(() => draw(), TAGS_QUIET));
  if (near.querySelector("[data-near-later]")) draw();
}

// --- what the text itself says --------------------------------------------------------------------

const texts = ["headline", "standfirst", "body"];
const askHints = asker((answer) => answer.json());
const bodyEditor = () => field("body")?.proseEditor;

/** Make the first unlinked place of `words` in the text a link. */
function link({ words, address }) {
  const editor = bodyEditor();
  let found = null;
  editor.state.doc.descendants((node, at) => {
    if (found || !node.isText || node.marks.some((mark) => mark.type.name === "link")) return;
    const place = node.text.indexOf(words);
    if (place >= 0) found = { from: at + place, to: at + place + words.length };
  });
  if (!found) return false;
  editor.chain().setTextSelection(found).setLink({ href: address }).focus().scrollIntoView().run();
  return true;
}

function fillList(name, rows) {
  const part = hints.querySelector(`[data-${name}]`);
  part.hidden = !rows.length;
  part.querySelector("ul").replaceChildren(...rows.map((nodes) => element("li", {}, ...nodes)));
}

function show(answer) {
  const said = hints.dataset;
  const doubles = answer.doubles.map((double) => [
    element("a", { href: double.page, target: "_blank", dir: "auto" }, double.headline),
    element("span", {}, ` ${double.same ? said.same : said.like} · ${double.state}`),
  ]);
  const links = (bodyEditor()?.isEditable ? answer.links : []).map((one) => {
    const words = element("span", { dir: "auto" }, one.words);
    const button = element("button", { type: "button", title: one.title }, words);
    button.append(element("small", {}, said[one.kind]));
    button.addEventListener("click", () => {
      if (!link(one)) return;
      button.closest("li").remove();
      hints.querySelector("[data-said]").textContent = fill(said.linked, one);
    });
    return [button];
  });
  fillList("doubles", doubles);
  fillList("links", links);
  hints.hidden = !doubles.length && !links.length;
}

let lastSaid = "";

async function ask() {
  const names = [...texts, "language", "section", "tags"];
  const fields = Object.fromEntries(names.map((name) => [name, field(name)?.value ?? ""]));
  if (!texts.some((name) => fields[name].trim())) return;
  const answer = await askHints(hints.dataset.hints, { ...fields, id: own() });
  // Drawing the same again would cost the next key its time.
  const said = JSON.stringify(answer);
  if (!answer || said === lastSaid) return;
  lastSaid = said;
  show(answer);
  form.dispatchEvent(new CustomEvent("newsroom:hints", { detail: answer }));
}

if (hints && form && field("headline")) {
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  const soon = debounced(() => whenIdle(ask), QUIET);
  for (const name of texts) field(name)?.addEventListener("input", soon);
  soon();
}
