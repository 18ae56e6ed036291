// Words: what two texts have in common, and markup shown without trusting it.

const SHOWN = new Set(
  ("P H2 H3 H4 UL OL LI BLOCKQUOTE STRONG EM B I S U SUB SUP A BR HR TABLE TBODY THEAD TR TD TH " +
    "FIGURE FIGCAPTION CITE ASIDE CODE PRE").split(" "),
);
const BLOCKS = "p, h2, h3, h4, li, td, th, pre, figcaption";
// Beyond this many pairs a comparison would be felt while typing.
const MOST_PAIRS = 2_000_000;

/** Return [[i, j], …]: a longest run of pairs a[i], b[j] that are the same, in order. */
export function common(a, b, same = (x, y) => x === y) {
  let start = 0;
  while (start < a.length && start < b.length && same(a[start], b[start])) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    same(a[a.length - 1 - end], b[b.length - 1 - end])
  ) {
    end += 1;
  }
  const rows = a.length - start - end;
  const columns = b.length - start - end;
  const pairs = [];
  for (let i = 0; i < start; i += 1) pairs.push([i, i]);
  if (rows && columns && rows * columns <= MOST_PAIRS) {
    const width = columns + 1;
    const best = new Uint16Array((rows + 1) * width);
    for (let i = rows - 1; i >= 0; i -= 1) {
      for (let j = columns - 1; j >= 0; j -= 1) {
        best[i * width + j] = same(a[start + i], b[start + j])
          ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < rows && j < columns; ) {
      if (same(a[start + i], b[start + j])) {
        pairs.push([start + i, start + j]);
        i += 1;
        j += 1;
      } else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i += 1;
      else j += 1;
    }
  }
  for (let i = end; i > 0; i -= 1) pairs.push([a.length - i, b.length - i]);
  return pairs;
}

export const tokens = (text) => text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];

/** Return the nodes of `text`, with <mark> around the words that `other` has not. */
export function marked(text, other) {
  const mine = tokens(text);
  const kept = new Set(common(mine, tokens(other)).map(([i]) => i));
  const nodes = [];
  let mark = null;
  mine.forEach((token, i) => {
    const isSpace = !token.trim();
    if (kept.has(i) && !(isSpace && mark && !kept.has(i + 1))) {
      mark = null;
      nodes.push(document.createTextNode(token));
    } else {
      if (!mark) {
        mark = document.createElement("mark");
        nodes.push(mark);
      }
      mark.append(token);
    }
  });
  return nodes;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

/** Return HTML as nodes that can do nothing: known elements, no attribute but a web address. */
export function harmless(html) {
  const rebuild = (from, into) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) into.append(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (["SCRIPT", "STYLE", "TEMPLATE"].includes(node.nodeName)) continue;
      if (!SHOWN.has(node.nodeName)) {
        rebuild(node, into);
        continue;
      }
      const copy = document.createElement(node.nodeName);
      if (node.nodeName === "A" && /^(https?:\/\/|\/(?!\/))/i.test(node.getAttribute("href") ?? "")) {
        copy.setAttribute("href", node.getAttribute("href"));
        copy.rel = "noreferrer";
      }
      rebuild(node, copy);
      into.append(copy);
    }
    return into;
  };
  return rebuild(parsed(html), document.createDocumentFragment());
}

/** Return the texts of the blocks of HTML, empty ones left out. */
export function blocks(html) {
  const body = parsed(html);
  const found = [...body.querySelectorAll(BLOCKS)].filter((one) => !one.querySelector(BLOCKS));
  const texts = (found.length ? found : [body]).map((one) => one.textContent.trim());
  return texts.filter(Boolean);
}
