// What asks for a person: words that this device had kept, and words changed by two people.
import { blocks, harmless, marked } from "./words.js";

const template = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const texts = () => document.getElementById("sync-words-for").dataset;

/** Show one of the banners, or none. */
export function banner(name) {
  for (const panel of document.querySelectorAll("#sync > [data-panel]")) {
    panel.hidden = panel.dataset.panel !== name;
  }
}

/** Bring a banner before the eyes of somebody who writes further down. */
export function lead(name) {
  const panel = document.querySelector(`#sync > [data-panel="${name}"]`);
  panel?.scrollIntoView({ block: "center" });
  panel?.querySelector("a, button")?.focus({ preventScroll: true });
}

// --- what this device had kept ---------------------------------------------------------------

const value = (entry, name) => entry.entries.find(([one]) => one === name)?.[1] ?? "";

/** Return an entry as nodes that can do nothing. */
function shown(entry) {
  const made = document.createDocumentFragment();
  const headline = document.createElement("h3");
  headline.textContent = value(entry, "headline");
  const standfirst = document.createElement("p");
  standfirst.textContent = value(entry, "standfirst");
  made.append(...[headline, standfirst].filter((node) => node.textContent.trim()));
  made.append(harmless(value(entry, "body")));
  return made;
}

/**
 * Show what was kept. `reason`: why it could not be saved; "" when it was put back.
 * `discard` and `retry` are called for their buttons.
 */
export function recovery(entry, { reason = "", address = "", discard, retry }) {
  const panel = template("sync-recovery");
  panel.dataset.client = entry.client;
  const find = (selector) => panel.querySelector(selector);
  const title = find("h2");
  title.id = `sync-recovery-${entry.client}`;
  panel.setAttribute("aria-labelledby", title.id);
  find(reason ? "[data-put-back]" : "[data-refused]").remove();
  const time = find("time");
  time.dateTime = new Date(entry.at).toISOString();
  time.textContent = new Date(entry.at).toLocaleString(document.documentElement.lang || undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const paragraphs = blocks(value(entry, "body"));
  const count = find("[data-paragraphs]");
  const { one, many } = count.dataset;
  count.textContent = paragraphs.length === 1 ? one : many.replace("{n}", paragraphs.length);
  const beginning = value(entry, "headline").trim() || paragraphs[0] || "";
  find(".sync-beginning").textContent = beginning.length > 80 ? `${beginning.slice(0, 80)} …` : beginning;
  const why = find("[data-why]");
  why.hidden = !reason;
  why.textContent = reason;
  const words = find(".sync-words");
  words.append(shown(entry));
  if (address) {
    find("[data-open]").href = address;
    find("[data-open]").hidden = false;
  }
  const look = find("[data-look]");
  const open = (isOpen) => {
    words.hidden = !isOpen;
    look.setAttribute("aria-expanded", String(isOpen));
  };
  look.addEventListener("click", () => open(words.hidden));
  // What is nowhere else is shown at once.
  open(Boolean(reason));
  const copy = find("[data-copy]");
  copy.addEventListener("click", async () => {
    open(true);
    await copyNodes(words);
    copy.textContent = copy.dataset.done;
  });
  find("[data-download]").addEventListener("click", () => download(entry, words));
  if (!retry) find("[data-retry]").remove();
  find("[data-retry]")?.addEventListener("click", () => {
    panel.remove();
    retry();
  });
  const drop = find("[data-discard]");
  drop.addEventListener("click", () => {
    if (reason && !window.confirm(drop.dataset.ask)) return;
    panel.remove();
    discard();
  });
  if (reason) find("[data-close]").remove();
  find("[data-close]")?.addEventListener("click", () => panel.remove());
  const place = document.querySelector("[data-recovery]");
  place.querySelector(`[data-client="${CSS.escape(entry.client)}"]`)?.remove();
  place.append(panel);
}

async function copyNodes(element) {
  const selection = window.getSelection();
  const range = document.createRange();
  range.selectNodeContents(element);
  selection.removeAllRanges();
  selection.addRange(range);
  // By the selection, so that headings and links come along; also over plain HTTP, where the
  // clipboard's own interface is not there.
  document.execCommand("copy");
}

function download(entry, words) {
  const page = document.implementation.createHTMLDocument(value(entry, "headline") || "—");
  page.body.append(...[...words.childNodes].map((node) => page.importNode(node, true)));
  const charset = page.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  page.head.prepend(charset);
  const blob = new Blob([`<!doctype html>\n${page.documentElement.outerHTML}`], { type: "text/html" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${(value(entry, "headline") || "article").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.html`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// --- words changed by two people ---------------------------------------------------------------

const plain = (given) => {
  if (typeof given === "string") return given;
  if (given === null || given === undefined) return "";
  if (Array.isArray(given)) {
    return given
      .map((one) => (typeof one === "string" ? one : one.title || one.author || one.url || ""))
      .join(", ");
  }
  return String(given);
};

// Scripts that put no space between words.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Return `nodes`, whose text is `text`, between what stands around them. */
function between([before, after], text, nodes) {
  const ends = /[\p{L}\p{N}\p{M}.,;:!?…)”»]$/u;
  const begins = /^[\p{L}\p{N}(“„«]/u;
  const space = (one, other) =>
    ends.test(one) && begins.test(other) && !UNSPACED.test(one + other) ? " " : "";
  return [before + space(before, text), ...nodes, space(text, after) + after].filter(Boolean);
}

/** Show the open conflicts; `settle(number, value)` is called with what was chosen. */
export function conflicts(open, settle) {
  const place = document.querySelector("[data-conflicts]");
  // Who may only read chooses nothing.
  if (!document.getElementById("sync-conflict")) return;
  const known = new Set(open.map((one) => `${one.number}`));
  for (const panel of [...place.children]) {
    if (!known.has(panel.dataset.number)) panel.remove();
  }
  for (const conflict of open) {
    const state = JSON.stringify(conflict);
    const old = place.querySelector(`[data-number="${conflict.number}"]`);
    // Somebody may be reading it, or writing in it.
    if (old && (old.dataset.known === state || old.contains(document.activeElement))) continue;
    const panel = conflictPanel(conflict, settle);
    panel.dataset.number = conflict.number;
    panel.dataset.known = state;
    if (old) old.replaceWith(panel);
    else place.append(panel);
  }
}

function conflictPanel(conflict, settle) {
  const panel = template("sync-conflict");
  const find = (selector) => panel.querySelector(selector);
  const said = texts();
  find(".sync-label").textContent = conflict.label;
  find(".sync-before").hidden = !conflict.base;
  find(".sync-before q").textContent = conflict.base;
  const sides = find(".sync-sides");
  const choices = find("[data-choices]");
  const both = find("[data-both]");
  const versions = [...conflict.versions].sort((a, b) => b.mine - a.mine);
  versions.forEach((version, i) => {
    const side = template("sync-side");
    const name = version.mine ? said.mine : version.name || said.unknown;
    side.querySelector("figcaption").textContent = name;
    const other = versions[i ? 0 : 1];
    const words = side.querySelector("blockquote");
    const own = plain(version.value);
    const gone = document.createElement("mark");
    gone.textContent = `(${said.nothing})`;
    const shown = own ? marked(own, other ? plain(other.value) : "") : [gone];
    words.append(...between(conflict.around, own || "()", shown));
    sides.append(side);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button-plain";
    button.textContent = version.mine
      ? choices.dataset.mine
      : choices.dataset.theirs.replace("{name}", name);
    button.addEventListener("click", () => settle(conflict.number, version.value));
    both.before(button, " ");
  });
  const isText = versions.every((version) => typeof version.value === "string");
  const isList = versions.every((version) => Array.isArray(version.value));
  both.hidden = !isText && !isList;
  both.addEventListener("click", () => {
    const all = isText
      ? versions.map((version) => version.value.trim()).filter(Boolean).join(" ")
      : [...new Map(versions.flatMap((version) => version.value)
          .map((one) => [JSON.stringify(one), one])).values()];
    settle(conflict.number, all);
  });
  const edit = find("[data-edit]");
  const anew = find(".sync-edit");
  const area = find("textarea");
  edit.hidden = !isText;
  area.value = plain(versions[0]?.value);
  edit.addEventListener("click", () => {
    anew.hidden = !anew.hidden;
    edit.setAttribute("aria-expanded", String(!anew.hidden));
    if (!anew.hidden) area.focus();
  });
  // What is written here is no part of the article until it is put there.
  for (const type of ["input", "change"]) anew.addEventListener(type, (event) => event.stopPropagation());
  find("[data-put]").addEventListener("click", () => settle(conflict.number, area.value));
  return panel;
}
