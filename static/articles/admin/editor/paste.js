// Clean HTML out of what other programs put on the clipboard. Pure: a string in, a string out.
//
// The source is walked once. Words become runs, each with the marks that it shows; a block that
// ends gathers its runs into a paragraph. So nothing of the source's own markup survives.
import { notesOf } from "./paste_notes.js";
import { prepareWord } from "./paste_word.js";

const SKIPPED = new Set(
  (
    "head script style title meta link noscript template iframe object embed svg canvas video audio " +
    "img picture button input select textarea option map nav dialog"
  ).split(" "),
);
const BLOCKS = new Set(
  (
    "address article aside body center dd div dl dt fieldset figcaption figure footer form header " +
    "hgroup html main p pre section details summary"
  ).split(" "),
);
const MARKS = {
  b: "strong",
  strong: "strong",
  i: "em",
  em: "em",
  s: "s",
  strike: "s",
  del: "s",
  sub: "sub",
  sup: "sup",
  cite: "cite",
};
const ORDER = ["strong", "em", "s", "sub", "sup", "cite"];
const TRACKING =
  /^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|_hs(enc|mi)|ref_src|ref_url)$/;

const escaped = (text) =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\u00a0/g, "&nbsp;");

/** Return an address without what only tells its owner where a reader came from. */
export function withoutTracking(url) {
  for (const name of [...url.searchParams.keys()]) {
    const isShared = name === "si" && /(^|\.)youtu(be\.com|\.be)$/.test(url.hostname);
    if (isShared || TRACKING.test(name)) url.searchParams.delete(name);
  }
  return url;
}

function addressOf(href) {
  let url;
  try {
    url = new URL(href.trim());
  } catch {
    return null;
  }
  if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
    return addressOf(url.searchParams.get("q") ?? url.searchParams.get("url") ?? "");
  }
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? withoutTracking(url).href : null;
}

/** Return clean HTML for the body from HTML of a clipboard. */
export function cleanHtml(source) {
  const doc = new DOMParser().parseFromString(unstyled(source), "text/html");
  prepareWord(doc);
  return new Walk(doc).html();
}

/** The page's policy has a say in documents made here, too: nothing is to be applied or run. */
function unstyled(source) {
  return source
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)(style|on\w+)(?=\s*=)/gi, "$1data-$2"));
}

class Walk {
  constructor(doc) {
    this.doc = doc;
    const levels = [...doc.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(
      (one) => +one.tagName[1],
    );
    // A page's own title is level 1: what is below it keeps its distance.
    this.shift = Math.min(...levels) === 1 ? 1 : 0;
    this.notes = notesOf(doc);
  }

  html() {
    return this.blocks(this.doc.body);
  }

  /** The blocks inside an element, as HTML. */
  blocks(element, { isInList = false } = {}) {
    const outer = this.out;
    this.out = [];
    const runs = this.runs;
    this.runs = [];
    this.isInList = isInList;
    this.inside(element, { marks: new Set(), href: null });
    this.flush();
    const html = this.out.join("");
    this.out = outer;
    this.runs = runs;
    return html;
  }

  inside(element, dress) {
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) this.text(node.data, dress);
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, dress);
    }
  }

  text(data, dress) {
    const text = dress.isPre ? data.replace(/\r\n?/g, "\n") : data.replace(/[ \t\r\n\f]+/g, " ");
    const parts = dress.isPre ? text.split("\n") : [text];
    for (const [index, part] of parts.entries()) {
      if (index) this.runs.push({ text: "\n", marks: "", href: null });
      // oxlint-disable-next-line no-control-regex
      const clean = part.replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufeff\u200b]/g, "");
      if (clean) this.runs.push({ text: clean, marks: keyOf(dress.marks), href: dress.href });
    }
  }

  element(element, dress) {
    const tag = element.localName;
    if (SKIPPED.has(tag) || isHidden(element)) return;
    if (this.notes.has(element)) {
      const note = this.notes.get(element);
      this.runs.push({ note, marks: "", href: null });
    } else if (tag === "br") {
      this.runs.push({ text: "\n", marks: "", href: null });
    } else if (tag === "hr") {
      this.flush();
      this.out.push("<hr>");
    } else if (/^h[1-6]$/.test(tag)) {
      this.heading(element, tag);
    } else if (tag === "ul" || tag === "ol" || tag === "menu") {
      this.list(element, tag);
    } else if (tag === "li") {
      this.list(element, "ul", [element]);
    } else if (tag === "table") {
      this.table(element);
    } else if (tag === "blockquote") {
      this.flush();
      const inner = this.blocks(element);
      if (inner) this.out.push(`<blockquote>${inner}</blockquote>`);
    } else if (tag === "figure" && element.querySelector("img, picture, video, iframe")) {
      // A caption without its picture says nothing.
    } else if (BLOCKS.has(tag)) {
      this.flush();
      this.inside(element, dressed(element, dress));
      this.flush();
    } else {
      this.inside(element, dressed(element, dress));
    }
  }

  heading(element, tag) {
    this.flush();
    const html = lineOf(
      this.lineRuns(element).map((run) => ({ ...run, marks: without(run.marks, "strong") })),
    );
    const level = Math.min(Math.max(+tag[1] + this.shift, 2), 4);
    if (html) this.out.push(this.isInList ? `<p>${html}</p>` : `<h${level}>${html}</h${level}>`);
  }

  lineRuns(element) {
    const kept = this.runs;
    this.runs = [];
    this.inside(element, { marks: new Set(), href: null });
    const found = this.runs.map((run) => (run.text === "\n" ? { ...run, text: " " } : run));
    this.runs = kept;
    return found;
  }

  list(element, tag, items = [...element.children]) {
    this.flush();
    const rows = [];
    for (const item of items) {
      if (/^(ul|ol)$/.test(item.localName)) {
        // A list that stands beside the items belongs to the one before it.
        const inner = this.blocks(wrap(item));
        if (rows.length) rows.push(rows.pop() + inner);
        else rows.push(inner.replace(/^<[uo]l[^>]*><li>|<\/li><\/[uo]l>$/g, ""));
        continue;
      }
      const inner = this.blocks(item, { isInList: true });
      if (inner) rows.push(inner.startsWith("<p>") ? inner : `<p></p>${inner}`);
    }
    if (!rows.length) return;
    const start = Number.parseInt(element.getAttribute?.("start"), 10);
    const type = element.getAttribute?.("type");
    const has = tag === "ol";
    const attributes =
      (has && start && start !== 1 ? ` start="${start}"` : "") +
      (has && /^[aAiI]$/.test(type ?? "") ? ` type="${type}"` : "");
    const name = has ? "ol" : "ul";
    const inner = rows.map((row) => `<li>${row}</li>`).join("");
    this.out.push(`<${name}${attributes}>${inner}</${name}>`);
  }

  table(element) {
    this.flush();
    const rows = [...element.rows].filter((row) => row.cells.length);
    // One column is a page's layout, not a table.
    if (rows.every((row) => row.cells.length === 1)) {
      for (const row of rows) this.out.push(this.blocks(row.cells[0]));
      return;
    }
    const html = rows.map((row) => {
      const cells = [...row.cells].map((cell) => {
        const isHead = cell.localName === "th" || row.parentElement.localName === "thead";
        const tag = isHead ? "th" : "td";
        const inner = this.blocks(cell, { isInList: true }) || "<p></p>";
        const spans = ["colspan", "rowspan"].map((name) => {
          const number = Number.parseInt(cell.getAttribute(name), 10);
          return number > 1 && number < 100 ? ` ${name}="${number}"` : "";
        });
        return `<${tag}${spans.join("")}>${inner}</${tag}>`;
      });
      return `<tr>${cells.join("")}</tr>`;
    });
    if (html.length) this.out.push(`<table><tbody>${html.join("")}</tbody></table>`);
  }

  /** End a paragraph; an empty line inside it begins another. */
  flush() {
    const paragraphs = [[]];
    for (const run of this.runs ?? []) {
      const last = paragraphs.at(-1);
      if (run.text !== "\n") last.push(run);
      else if (isBlank(last.slice(last.findLastIndex((one) => one.text === "\n") + 1))) {
        if (!isBlank(last)) paragraphs.push([]);
      } else last.push(run);
    }
    for (const one of paragraphs) {
      const html = lineOf(one);
      if (html) this.out.push(`<p>${html}</p>`);
    }
    this.runs = [];
  }
}

function wrap(element) {
  const holder = element.ownerDocument.createElement("div");
  holder.append(element.cloneNode(true));
  return holder;
}

const isBlank = (runs) => runs.every((run) => run.text !== undefined && !run.text.trim());
const keyOf = (marks) => ORDER.filter((mark) => marks.has(mark)).join(" ");
const without = (marks, one) =>
  marks
    .split(" ")
    .filter((mark) => mark && mark !== one)
    .join(" ");

function isHidden(element) {
  const style = element.dataset.style ?? "";
  return (
    /display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden/i.test(style) || element.hidden
  );
}

/** What words inside an element look like: its own marks, and what its style turns on or off. */
function dressed(element, dress) {
  const marks = new Set(dress.marks);
  const tag = element.localName;
  let { href } = dress;
  if (MARKS[tag]) marks.add(MARKS[tag]);
  if (tag === "a" && element.hasAttribute("href")) href = addressOf(element.getAttribute("href"));
  const style = element.dataset.style ?? "";
  const value = (name) =>
    style
      .match(new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`, "i"))?.[1]
      .trim()
      .toLowerCase();
  const turn = (mark, isOn) => marks[isOn ? "add" : "delete"](mark);
  const weight = value("font-weight");
  if (weight) turn("strong", weight === "bold" || weight === "bolder" || +weight >= 600);
  const slant = value("font-style");
  if (slant) turn("em", slant === "italic" || slant === "oblique");
  if (/line-through/.test(value("text-decoration") ?? value("text-decoration-line") ?? ""))
    marks.add("s");
  const height = value("vertical-align");
  if (height === "super" || height === "sub") marks.add(height === "super" ? "sup" : "sub");
  const isPre =
    dress.isPre ||
    tag === "pre" ||
    (/^pre(-wrap|-line)?$/.test(value("white-space") ?? "") &&
      element.textContent.includes("\n") &&
      tag === "pre");
  return { marks, href, isPre };
}

/** One line of runs as HTML; like neighbours are one, blanks are single and none at the ends. */
function lineOf(runs) {
  const joined = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const isLike =
      last && !run.note && !last.note && last.marks === run.marks && last.href === run.href;
    if (isLike) last.text += run.text;
    else joined.push({ ...run });
  }
  // A blank at the edge of a mark stands outside it, and two blanks are one.
  let before = " ";
  const parts = [];
  for (const run of joined) {
    if (run.note) {
      parts.push(run);
      before = "]";
      continue;
    }
    let text = run.text
      .replace(/[ \u00a0]*\n[ \u00a0]*/g, "\n")
      .replace(/[ \u00a0]* [ \u00a0]*|\u00a0{2,}/g, " ");
    if (/[ \n]$/.test(before)) text = text.replace(/^[ \u00a0]+/, "");
    if (text) before = text;
    if (text) parts.push({ ...run, text });
  }
  while (parts.length && !parts.at(-1).note) {
    const last = parts.at(-1);
    last.text = last.text.replace(/[\s\u00a0]+$/, "");
    if (last.text) break;
    parts.pop();
  }
  while (parts.length && !parts[0].note) {
    parts[0].text = parts[0].text.replace(/^[\s\u00a0]+/, "");
    if (parts[0].text) break;
    parts.shift();
  }
  return parts.map(runHtml).join("");
}

function runHtml(run) {
  if (run.note) return `<sup class="footnote">${escaped(run.note)}</sup>`;
  const html = escaped(run.text).replace(/\n/g, "<br>");
  if (!html.trim()) return html;
  const marks = run.marks.split(" ").filter(Boolean);
  const [, lead, words, tail] = html.match(/^(\s*)(.*?)(\s*)$/s);
  let inner = words;
  for (const mark of marks.toReversed()) inner = `<${mark}>${inner}</${mark}>`;
  if (run.href) inner = `<a href="${escaped(run.href).replace(/"/g, "&quot;")}">${inner}</a>`;
  return lead + inner + tail;
}

/** Return clean HTML from plain text: paragraphs at empty lines, lists where lines are items. */
export function cleanText(text) {
  const blocks = text.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n+/);
  const hasBlocks = blocks.length > 1;
  const html = blocks.map((block) => {
    const lines = block
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    if (!lines.length) return "";
    const item = (sign) => lines.length > 1 && lines.every((line) => sign.test(line));
    for (const [tag, sign] of [
      ["ul", /^[-*•–]\s+/],
      ["ol", /^\d{1,3}[.)]\s+/],
    ]) {
      if (!item(sign)) continue;
      const rows = lines.map((line) => `<li><p>${escaped(line.replace(sign, ""))}</p></li>`);
      return `<${tag}>${rows.join("")}</${tag}>`;
    }
    // Lines of a letter or a mail are cut at a width; between empty lines they are one.
    const isCut = hasBlocks && lines.slice(0, -1).every((line) => line.length > 45);
    if (isCut) return `<p>${escaped(lines.join(" "))}</p>`;
    return hasBlocks
      ? `<p>${lines.map(escaped).join("<br>")}</p>`
      : lines.map((line) => `<p>${escaped(line)}</p>`).join("");
  });
  return html.join("");
}
