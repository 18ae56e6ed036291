// What only Word writes: lists that are paragraphs, and what it keeps beside the words.

/** Turn a document of Word's into one that says what it shows. Others are left as they are. */
export function prepareWord(doc) {
  for (const one of doc.querySelectorAll(
    '[data-style*="mso-element:comment-list"], .MsoCommentReference, del[datetime], ' +
      '[data-style*="mso-element:footnote-list"] hr, [data-style*="mso-element:endnote-list"] hr',
  )) {
    one.remove();
  }
  for (const one of doc.querySelectorAll(
    "span.Apple-converted-space, [data-style*='mso-spacerun']",
  )) {
    one.replaceWith(" ");
  }
  for (const one of doc.querySelectorAll("p.MsoTitle, p.MsoSubtitle")) {
    one.replaceWith(renamed(one, one.className === "MsoTitle" ? "h1" : "h2"));
  }
  for (const one of doc.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) {
    const quote = doc.createElement("blockquote");
    one.before(quote);
    // Its slant is the quote's look, not a word's weight.
    for (const slanted of one.querySelectorAll("i, em")) slanted.replaceWith(...slanted.childNodes);
    quote.append(one);
  }
  for (const first of doc.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div")) {
    if (levelOf(first) && !levelOf(first.previousElementSibling)) gather(first);
  }
}

function renamed(element, tag) {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  return other;
}

/** At which depth of a list a paragraph of Word's stands; 0 for one in no list. */
function levelOf(element) {
  const style = element?.dataset?.style ?? "";
  if (/mso-list\s*:\s*(none|skip)/i.test(style)) return 0;
  return Number(style.match(/mso-list\s*:[^;]*\blevel(\d+)/i)?.[1] ?? 0);
}

const listOf = (element) => element.dataset.style.match(/mso-list\s*:\s*(\S+)/i)?.[1];

/** Take the sign off an item and return what it says of its list. */
function signOf(item) {
  const sign = item.querySelector(
    '[data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]',
  );
  const text = (sign?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
  sign?.remove();
  const [, mark] = text.match(/^\(?([0-9]+|[a-zA-Z]|[ivxlc]+|[IVXLC]+)[.)]$/) ?? [];
  // A lone "o" is Word's bullet of the second level, in a font of its own.
  if (!mark) return { tag: "ul", start: 1, type: null };
  if (/^\d+$/.test(mark)) return { tag: "ol", start: Number(mark), type: null };
  const isRoman = mark.length > 1 || /^[iI]$/.test(mark);
  const isUpper = mark === mark.toUpperCase();
  return {
    tag: "ol",
    start: 1,
    type: (isRoman ? "i" : "a")[isUpper ? "toUpperCase" : "toString"](),
  };
}

/** Make lists of the paragraphs from `first` on that are items. */
function gather(first) {
  const doc = first.ownerDocument;
  const items = [];
  for (let one = first; levelOf(one); one = one.nextElementSibling) items.push(one);
  const place = doc.createElement("div");
  first.before(place);
  const open = [];
  for (const item of items) {
    const level = levelOf(item);
    const name = listOf(item);
    const { tag, start, type } = signOf(item);
    while (open.length && open.at(-1).level > level) open.pop();
    const last = open.at(-1);
    const isOther = last?.level === level && (last.list.localName !== tag || last.name !== name);
    if (isOther) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = doc.createElement(tag);
      if (start > 1) list.setAttribute("start", start);
      if (type) list.setAttribute("type", type);
      const above = open.at(-1)?.list;
      if (above)
        (above.lastElementChild ?? above.appendChild(doc.createElement("li"))).append(list);
      else place.append(list);
      open.push({ level, name, list });
    }
    const row = doc.createElement("li");
    row.append(renamed(item, "p"));
    item.remove();
    open.at(-1).list.append(row);
  }
}
