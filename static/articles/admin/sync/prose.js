// The text of an article in its editor: takes in what others wrote under the hands of whoever
// is writing, without moving the cursor.
import { common, tokens } from "./words.js";

const LEAST_LIKE = 0.3;
// Blocks beyond this many on a side are compared as wholes.
const MOST_BLOCKS = 80;

export class Prose {
  /** `pm`: ProseMirror's modules as the editor's package exports them. */
  constructor(editor, pm) {
    this.editor = editor;
    this.pm = pm;
    this.key = new pm.state.PluginKey("newsroom-sync");
    this.sent = editor.state.doc;
    editor.registerPlugin(
      new pm.state.Plugin({
        key: this.key,
        // Every step since the last send, with what undoes it.
        state: {
          init: () => [],
          apply: (transaction, kept) => {
            if (transaction.getMeta(this.key)) return [];
            if (!transaction.docChanged) return kept;
            const steps = transaction.steps.map((step, i) => ({
              step,
              inverted: step.invert(transaction.docs[i]),
            }));
            return kept.concat(steps);
          },
        },
      }),
    );
  }

  get isComposing() {
    return this.editor.view.composing;
  }

  /** What the editor holds now is being sent. */
  mark() {
    const { state, view } = this.editor;
    this.sent = state.doc;
    view.dispatch(state.tr.setMeta(this.key, "sent").setMeta("addToHistory", false));
  }

  /** Lay `html`, which the server made of what was sent, under what was typed since. */
  take(html) {
    const { state, view } = this.editor;
    const holder = new DOMParser().parseFromString(html, "text/html").body;
    const merged = this.pm.model.DOMParser.fromSchema(state.schema).parse(holder, {
      // To the letter: two spaces that became one would be a change of one's own.
      preserveWhitespace: true,
    });
    const changes = differences(this.sent, merged, this.pm);
    if (!changes.length) return;
    const typed = this.key.getState(state);
    const whole = (tr) => tr.replaceWith(0, tr.doc.content.size, merged.content);
    let tr;
    try {
      tr = this.#rebased(typed, (step) => changes.forEach((change) => change(step)));
    } catch {
      // A change that the schema does not take piece by piece: all at once, at the price of the
      // cursor's place.
      tr = this.#rebased(typed, whole);
    }
    tr.setMeta("addToHistory", false).setMeta("rebased", typed.length).setMeta(this.key, "taken");
    // What arrives above the cursor must not push the line that is being written away.
    const before = view.hasFocus() ? caretTop(view) : null;
    view.dispatch(tr);
    const after = before === null ? null : caretTop(view);
    if (after !== null && Math.abs(after - before) > 1) {
      window.scrollBy({ top: after - before, behavior: "instant" });
    }
  }

  #rebased(typed, lay) {
    const { state } = this.editor;
    const { tr } = state;
    for (const { inverted } of [...typed].reverse()) tr.step(inverted);
    lay(tr);
    replay(typed, tr, state.schema);
    return tr;
  }
}

function caretTop(view) {
  try {
    return view.coordsAtPos(view.state.selection.head).top;
  } catch {
    return null; // The place is not laid out.
  }
}

/** Do `typed` again after what was laid under it; words whose surroundings went are kept. */
function replay(typed, tr, schema) {
  let refuge = null; // Where words go whose paragraph somebody took away: {at, since}.
  typed.forEach(({ step }, i) => {
    const mapping = tr.mapping.slice(typed.length - i);
    const mapped = step.map(mapping);
    if (mapped && !tr.maybeStep(mapped).failed) {
      tr.mapping.setMirror(typed.length - 1 - i, tr.steps.length - 1);
      return;
    }
    const { slice } = step;
    const text = slice?.content.textBetween(0, slice.content.size, " ", "\ufffc");
    if (!text?.replaceAll("\ufffc", "")) return;
    let at = refuge
      ? tr.mapping.slice(refuge.since).map(refuge.at, 1)
      : mapping.map(step.from, 1);
    if (!tr.doc.resolve(at).parent.inlineContent) {
      at = tr.doc.resolve(at).depth ? tr.doc.resolve(at).after(1) : at;
      tr.insert(at, schema.nodes.paragraph.create());
      at += 1;
    }
    tr.insert(at, schema.text(text.replaceAll("\ufffc", "")));
    refuge = { at: at + text.replaceAll("\ufffc", "").length, since: tr.steps.length };
  });
}

/** Return functions that, run one after the other on a transform of `before`, make `after`. */
function differences(before, after, pm) {
  const changes = [];
  children(before, after, 0, changes, pm);
  // From the end to the start, so that places stay right.
  return changes.sort((a, b) => b.place - a.place || b.order - a.order).map(({ run }) => run);
}

function children(before, after, start, changes, pm) {
  const olds = list(before);
  const news = list(after);
  const places = [start];
  for (const node of olds) places.push(places.at(-1) + node.nodeSize);
  let i = 0;
  let j = 0;
  const replace = (to, until) => {
    if (i === to && j === until) return;
    // An empty paragraph is somebody's place to write; saving drops it, the screen does not.
    const isRoom = olds.length > 1 && olds.slice(i, to).every(isEmptyBlock);
    if (isRoom && j === until) return;
    const [from, end, content] = [places[i], isRoom ? places[i] : places[to], news.slice(j, until)];
    add(changes, from, (tr) => {
      const slice = new pm.model.Slice(pm.model.Fragment.from(content), 0, 0);
      tr.step(new pm.transform.ReplaceStep(from, end, slice));
    });
  };
  for (const [old, now] of pairs(olds, news)) {
    replace(old, now);
    inside(olds[old], news[now], places[old], changes, pm);
    i = old + 1;
    j = now + 1;
  }
  replace(olds.length, news.length);
}

function inside(old, now, place, changes, pm) {
  if (old.eq(now)) return;
  if (old.isTextblock) {
    words(old, now, place + 1, changes, pm);
  } else if (!old.isLeaf) {
    children(old, now, place + 1, changes, pm);
  }
  if (!old.sameMarkup(now)) {
    add(changes, place, (tr) => tr.setNodeMarkup(place, now.type, now.attrs, now.marks));
  }
}

function words(old, now, start, changes, pm) {
  const olds = pieces(old);
  const news = pieces(now);
  let i = 0;
  let j = 0;
  const at = (index) => start + (index < olds.length ? olds[index].at : old.content.size);
  const offset = (index) => (index < news.length ? news[index].at : now.content.size);
  const replace = (to, until) => {
    if (i === to && j === until) return;
    // So is the space before the next word.
    const isSpace = olds.slice(i, to).every(({ text }) => text && !text.trim());
    if (isSpace && to === olds.length && j === until) return;
    const [from, end] = [at(i), at(to)];
    const content = now.content.cut(offset(j), offset(until));
    add(changes, from, (tr) =>
      tr.step(new pm.transform.ReplaceStep(from, end, new pm.model.Slice(content, 0, 0))),
    );
  };
  for (const [a, b] of common(olds, news, samePiece)) {
    replace(a, b);
    i = a + 1;
    j = b + 1;
  }
  replace(olds.length, news.length);
}

const isEmptyBlock = (node) => node.isTextblock && !node.content.size;
const samePiece = (a, b) =>
  a.text === b.text &&
  (a.text ? sameMarks(a.node.marks, b.node.marks) : a.node.eq(b.node));
const sameMarks = (a, b) => a.length === b.length && a.every((mark, i) => mark.eq(b[i]));

function pieces(block) {
  const found = [];
  block.forEach((node, offset) => {
    let at = offset;
    for (const text of node.isText ? tokens(node.text) : [""]) {
      found.push({ at, text, node });
      at += text.length;
    }
  });
  return found;
}

function list(node) {
  const found = [];
  node.forEach((child) => found.push(child));
  return found;
}

let order = 0;
function add(changes, place, run) {
  order += 1;
  changes.push({ place, order, run });
}

/** Return [[i, j], …]: which block became which; the rest came or went. */
function pairs(olds, news) {
  const equal = common(olds, news, (a, b) => a.eq(b));
  const found = [];
  let i = 0;
  let j = 0;
  for (const [a, b] of [...equal, [olds.length, news.length]]) {
    found.push(...alike(olds, news, i, a, j, b));
    if (a < olds.length) found.push([a, b]);
    i = a + 1;
    j = b + 1;
  }
  return found;
}

/** Pair the blocks of a gap by their likeness. */
function alike(olds, news, i, to, j, until) {
  const rows = to - i;
  const columns = until - j;
  if (!rows || !columns || rows > MOST_BLOCKS || columns > MOST_BLOCKS) return [];
  const score = (a, b) => likeness(olds[i + a], news[j + b]);
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  const scores = Array.from({ length: rows }, () => new Float64Array(columns));
  for (let a = rows - 1; a >= 0; a -= 1) {
    for (let b = columns - 1; b >= 0; b -= 1) {
      scores[a][b] = score(a, b);
      const paired = scores[a][b] >= LEAST_LIKE ? scores[a][b] + best[a + 1][b + 1] : 0;
      best[a][b] = Math.max(best[a + 1][b], best[a][b + 1], paired);
    }
  }
  const found = [];
  for (let a = 0, b = 0; a < rows && b < columns; ) {
    const paired = scores[a][b] >= LEAST_LIKE ? scores[a][b] + best[a + 1][b + 1] : 0;
    if (paired && paired === best[a][b]) {
      found.push([i + a, j + b]);
      a += 1;
      b += 1;
    } else if (best[a + 1][b] === best[a][b]) a += 1;
    else b += 1;
  }
  return found;
}

function likeness(a, b) {
  if (a.isTextblock !== b.isTextblock || a.isLeaf !== b.isLeaf) return 0;
  if (!a.isTextblock && a.type !== b.type) return 0;
  const [mine, theirs] = [a, b].map((node) => tokens(node.textContent).filter((one) => one.trim()));
  if (!mine.length || !theirs.length) return mine.length === theirs.length ? 0.5 : 0;
  const counts = new Map();
  for (const word of mine) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of theirs) {
    const left = counts.get(word) ?? 0;
    if (left) shared += 1;
    counts.set(word, left - 1);
  }
  // A block that grew from a word or two holds all of them.
  return Math.max((2 * shared) / (mine.length + theirs.length),
    shared / Math.min(mine.length, theirs.length) - 0.3);
}
