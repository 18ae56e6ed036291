// Related news: search the archive or paste an address; what was chosen becomes a line.

import { combobox, element, fill, withMatch } from "./combobox.js";
import { Lines, valueIn, whenThere } from "./lines.js";

const ADDRESS = /^(https?:\/\/\S+|www\.\S+\.\S+|\/\S+|[\w-]+(\.[\w-]+)+\/\S*)$/i;
const LANGUAGE = document.documentElement.lang || undefined;

/** "2026-11-12" as people write it. */
function readable(date) {
  const moment = new Date(`${date}T12:00:00Z`);
  if (!date || Number.isNaN(moment.getTime())) return "";
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeZone: "UTC" }).format(moment);
}

function hostOf(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** The facts of a story with dots between them; its state only where readers cannot see it. */
function facts(author, day, last, status = "", state = "") {
  const nodes = [author, day, last]
    .filter(Boolean)
    .map((text) => element("span", { dir: "auto" }, text));
  if (state && status !== "published") nodes.push(element("span", { class: `state state-${status}` }, state));
  return nodes.flatMap((node, at) => (at ? [" · ", node] : [node]));
}

const factsOf = (card) => facts(card.byline, readable(card.date), card.section, card.status, card.state);

function start(group) {
  const texts = JSON.parse(group.querySelector("[data-texts]").textContent);
  const cards = new Map();

  // The line itself is the choice now.
  for (const select of group.querySelectorAll(".admin-autocomplete")) {
    select.classList.remove("admin-autocomplete");
  }

  const describe = (row) => {
    const value = (name) => valueIn(row, name);
    const id = value("target");
    const card = cards.get(id);
    if (card) return { title: card.headline, facts: factsOf(card), canEdit: false, isWhole: true };
    if (id) {
      const named = row.querySelector("[name$='-target']")?.selectedOptions[0]?.text.trim() ?? id;
      return { title: named, facts: [], canEdit: false, isWhole: true };
    }
    const where = hostOf(value("url")) || (value("url") ? value("url") : texts.notHere);
    return {
      title: value("title").trim() || texts.nothing,
      facts: facts(value("author"), readable(value("date")) || value("date"), where),
      canEdit: true,
      isWhole: value("title").trim() !== "",
    };
  };
  const lines = new Lines(group, describe);
  const targets = () => lines.kept.map((row) => lines.value(row, "target")).filter(Boolean);
  const leftOut = () => [texts.article, ...targets()].filter(Boolean).join(",");

  const ask = async (address, options = {}) => {
    const response = await fetch(address, options);
    if (!response.headers.get("content-type")?.includes("json")) throw new Error(texts.failed);
    return { ok: response.ok, answer: await response.json() };
  };

  const learn = async () => {
    const unknown = targets().filter((id) => !cards.has(id));
    if (!unknown.length) return;
    const { ok, answer } = await ask(`${texts.articles}?ids=${unknown.join(",")}`);
    if (!ok) return;
    for (const card of answer.results) cards.set(String(card.id), card);
    for (const row of lines.rows) lines.dress(row);
  };
  if (lines.isReadOnly) return;
  learn().catch(() => {});

  group.querySelector("template[data-face]").before(group.querySelector("template[data-entry]").content);
  const entry = group.querySelector(".lines-entry input");
  const list = group.querySelector(".lines-entry .offers");
  const note = group.querySelector("[data-note]");
  const { added, found: foundText } = lines.status.dataset;

  const tell = (text) => {
    note.textContent = text;
    note.hidden = !text;
    if (text) lines.say(text);
  };
  const addCard = (card) => {
    entry.value = "";
    cards.set(String(card.id), card);
    lines.add({ target: card.id }, { label: card.headline });
    tell("");
    lines.say(fill(added, { title: card.headline }));
  };
  const addStory = (values) => {
    entry.value = "";
    const row = lines.add(values);
    lines.say(fill(added, { title: row.dataset.title }));
    return row;
  };

  /** Fill a new line with what the page at `address` says of itself. */
  const paste = async (address) => {
    box.close();
    tell(texts.reading);
    entry.readOnly = true;
    const full = /^(https?:)?\//i.test(address) ? address : `https://${address}`;
    const body = new FormData();
    body.set("url", address);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    let reason = texts.failed;
    try {
      const { ok, answer } = await ask(texts.page, { method: "POST", body });
      if (ok && String(answer.id) === texts.article) {
        entry.value = "";
        return tell(texts.itself);
      }
      if (ok && answer.id && targets().includes(String(answer.id))) {
        entry.value = "";
        return tell(texts.already);
      }
      if (ok && answer.id) {
        const { answer: own } = await ask(`${texts.articles}?ids=${answer.id}`);
        return addCard(own.results[0]);
      }
      if (ok && answer.title) {
        const author = [answer.author, answer.source]
          .filter((name, at, names) => name && !(at && names[0].includes(name)))
          .join(", ");
        addStory({ url: answer.address, title: answer.title, author: author.slice(0, 200), date: answer.date });
        return tell("");
      }
      reason = answer.error ?? texts.failed;
    } catch {
      // Signed out, or no network: the address is kept all the same.
    } finally {
      entry.readOnly = false;
    }
    const row = addStory({ url: full });
    lines.open(row, true);
    tell(`${reason} ${texts.byHand}`);
    lines.field(row, "title").focus();
    return undefined;
  };

  // Before the choices hear of it: an address is read, whatever was found by its words.
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const text = entry.value.trim();
    if (!ADDRESS.test(text)) return;
    event.stopImmediatePropagation();
    if (!entry.readOnly) paste(text);
  });
  const box = combobox(entry, list, {
    isEager: true,
    say: (number) => lines.say(fill(foundText, { number })),
    look: async (query, signal) => {
      if (!query) return [];
      const search = new URLSearchParams({ q: query, not: leftOut() });
      const { ok, answer } = await ask(`${texts.articles}?${search}`, { signal });
      const own = ok ? answer.results : [];
      if (ADDRESS.test(query)) return own.length ? own : [{ pasted: query }];
      return [...own, { named: query }];
    },
    draw: (choice) => {
      if (choice.pasted) return [element("span", { class: "offer-new" }, texts.read)];
      if (choice.named) {
        return [element("span", { class: "offer-new" }, fill(texts.create, { title: choice.named }))];
      }
      return [
        element("span", { class: "offer-title", dir: "auto" }, ...withMatch(choice.headline, entry.value.trim())),
        element("span", { class: "offer-facts" }, ...factsOf(choice)),
      ];
    },
    take: (choice) => {
      if (choice.pasted) return paste(choice.pasted);
      if (!choice.named) return addCard(choice);
      const row = addStory({ title: choice.named });
      lines.open(row, true);
      return lines.field(row, "author").focus();
    },
  });
  entry.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (entry.value.trim() || !ADDRESS.test(text)) return;
    event.preventDefault();
    paste(text);
  });

  // --- what the archive thinks (near.js) ---------------------------------------------------------

  group.addEventListener("newsroom:pin", async ({ detail }) => {
    const { ok, answer } = await ask(`${texts.articles}?ids=${detail}`).catch(() => ({ ok: false }));
    if (ok && answer.results.length && !targets().includes(String(detail))) addCard(answer.results[0]);
  });
}

whenThere(".lines.rows-related_links", start);
