// Words and reading time at the foot, quietly; of what is selected, too.

const WORDS_PER_MINUTE = 238;
const counter = document.querySelector("[data-word-count]");
const body = document.getElementById("id_body");

const words = (text) => (text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).length;
const filled = (text, number) => text.replace("%(number)s", number);

// A block that nobody touched is the same object: only others are counted anew.
const counted = new WeakMap();
const leaf = ({ attrs }) => ` ${attrs.text ?? attrs.title ?? ""} `;

function wordsIn(doc) {
  let sum = 0;
  doc.forEach((block) => {
    if (!counted.has(block)) {
      const text = block.isLeaf ? leaf(block) : block.textBetween(0, block.content.size, " ", leaf);
      counted.set(block, words(text));
    }
    sum += counted.get(block);
  });
  return sum;
}

function textOf(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  for (const block of parsed.querySelectorAll("p, li, h2, h3, h4, td, th, blockquote")) {
    block.append(" ");
  }
  return parsed.textContent;
}

if (counter && body) {
  const { one, many, minutes, chosen } = counter.dataset;
  let whole = null;
  let picked = 0;
  const say = () => {
    const parts = [filled(whole === 1 ? one : many, whole)];
    if (picked) parts.push(filled(chosen, picked));
    else if (whole) parts.push(filled(minutes, Math.max(1, Math.round(whole / WORDS_PER_MINUTE))));
    counter.textContent = parts.join(" · ");
  };
  const total = () => {
    const { editor } = body.parentElement.querySelector(".ProseMirror") ?? {};
    return editor ? wordsIn(editor.state.doc) : words(textOf(body.value));
  };
  const count = () => {
    whole = total();
    say();
  };
  let waiting;
  const later = (work, wait) => {
    clearTimeout(waiting);
    waiting = setTimeout(work, wait);
  };
  body.addEventListener("input", () => later(count, 400));
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const inside = selection.anchorNode && body.parentElement.contains(selection.anchorNode);
    const now = inside && !selection.isCollapsed ? words(selection.toString()) : 0;
    if (now === picked) return;
    picked = now;
    whole ??= total();
    say();
  });
  if (!counter.textContent.trim()) count();
}
