// Rows of a form as quiet lines: moved by their buttons or by dragging, removed with a way back.
// The form's own fields stay behind them and say what is saved.

import { fill } from "./combobox.js";

/** Tell everybody who watches the form that a field has another value. */
function announce(field) {
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
}

/** What a field of a row holds, or what stands there where nothing can be changed. */
export function valueIn(row, name) {
  const field = row.querySelector(`[name$="-${name}"]`);
  if (field) return field.value;
  const shown = row.querySelector(`.field-${name} .readonly`)?.textContent.trim() ?? "";
  return shown === "-" || shown === "–" ? "" : shown;
}

export class Lines {
  /**
   * group: an element with the class "lines"; describe(row) returns {title, facts, canEdit} with
   * the nodes of `facts`. Rows that are there get their face at once.
   */
  constructor(group, describe) {
    this.group = group;
    this.describe = describe;
    this.prefix = group.dataset.prefix;
    this.isReadOnly = "readOnly" in group.dataset;
    this.face = group.querySelector("template[data-face]");
    this.status = group.querySelector("[data-lines-status]");
    this.total = group.querySelector(`[name="${this.prefix}-TOTAL_FORMS"]`);
    for (const row of this.rows) this.dress(row);
    this.settle();
    this.letDrag();
  }

  get rows() {
    return [...this.group.querySelectorAll(".row:not(.empty-form)")];
  }

  get kept() {
    return this.rows.filter((row) => !row.classList.contains("is-removed") && !row.hidden);
  }

  /** The form's own field of a row. */
  field(row, name) {
    return row.querySelector(`[name$="-${name}"]`);
  }

  value(row, name) {
    return this.field(row, name)?.value ?? "";
  }

  say(text) {
    if (this.status) this.status.textContent = text;
  }

  /** Write values into a row's fields; `label` goes with the value of a choice. */
  put(row, values, label = "") {
    for (const [name, value] of Object.entries(values)) {
      const field = this.field(row, name);
      if (!field || value === undefined || field.value === String(value ?? "")) continue;
      const text = String(value ?? "");
      if (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === text)) {
        field.add(new Option(label, text, true, true));
      }
      field.value = text;
      announce(field);
    }
  }

  /** Append a row with these values; isHidden: for a moment, until it is known what it holds. */
  add(values, { label = "", isHidden = false } = {}) {
    const empty = this.group.querySelector(".row.empty-form");
    const number = Number(this.total.value);
    const holder = document.createElement("template");
    holder.innerHTML = empty.outerHTML.replaceAll("__prefix__", String(number));
    const row = holder.content.firstElementChild;
    row.id = `${this.prefix}-${number}`;
    row.classList.remove("empty-form", "last-related");
    row.hidden = isHidden;
    empty.before(row);
    this.total.value = String(number + 1);
    this.put(row, values, label);
    this.dress(row);
    if (!isHidden) this.changed();
    return row;
  }

  /** Give a row its face, or draw it anew. */
  dress(row) {
    const said = this.describe(row);
    if (!row.querySelector(".line-face")) {
      row.prepend(this.face.content.cloneNode(true));
      row.classList.add("line");
      this.wire(row);
      const hasTrouble = row.querySelector(".errorlist") !== null;
      this.open(row, said.canEdit && !this.isReadOnly && (hasTrouble || !said.isWhole));
      if (this.field(row, "DELETE")?.checked) row.classList.add("is-removed");
    }
    row.querySelector(".line-title").textContent = said.title;
    row.querySelector(".line-facts").replaceChildren(...said.facts);
    row.querySelector("[data-edit]").hidden = !said.canEdit || this.isReadOnly;
    for (const button of row.querySelectorAll("[data-label]")) {
      const label = fill(button.dataset.label, { title: said.title });
      button.setAttribute("aria-label", label);
    }
    const removed = row.querySelector(".line-removed span");
    removed.textContent = fill(removed.dataset.text, { title: said.title });
    row.dataset.title = said.title;
  }

  open(row, isOpen) {
    row.classList.toggle("is-open", isOpen);
    row.querySelector("[data-edit]").setAttribute("aria-expanded", String(isOpen));
  }

  wire(row) {
    const on = (name, act) => row.querySelector(`[data-${name}]`).addEventListener("click", act);
    on("edit", () => {
      this.open(row, !row.classList.contains("is-open"));
      if (!row.classList.contains("is-open")) return;
      [...row.querySelectorAll(".row-fields input")].find((field) => field.offsetParent)?.focus();
    });
    on("up", () => this.move(row, -1));
    on("down", () => this.move(row, 1));
    on("remove", () => this.remove(row));
    on("undo", () => this.bringBack(row));
    row.querySelector(".row-fields").addEventListener("input", () => this.dress(row));
  }

  remove(row) {
    const box = this.field(row, "DELETE");
    row.classList.add("is-removed");
    if (box) {
      box.checked = true;
      announce(box);
    }
    this.changed();
    this.say(row.querySelector(".line-removed span").textContent);
    row.querySelector("[data-undo]").focus();
  }

  bringBack(row) {
    const box = this.field(row, "DELETE");
    row.classList.remove("is-removed");
    if (box) {
      box.checked = false;
      announce(box);
    }
    this.changed();
    row.querySelector("[data-remove]").focus();
  }

  move(row, step) {
    const kept = this.kept;
    const other = kept[kept.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    this.changed();
    const place = this.kept.indexOf(row) + 1;
    const { moved } = this.status?.dataset ?? {};
    const count = this.kept.length;
    if (moved) this.say(fill(moved, { title: row.dataset.title, place, count }));
    const button = row.querySelector(step < 0 ? "[data-up]" : "[data-down]");
    (button.disabled ? row.querySelector(step < 0 ? "[data-down]" : "[data-up]") : button).focus();
  }

  /** Number what is kept by its place, and tell which buttons lead nowhere. */
  changed() {
    this.kept.forEach((row, at) => this.put(row, { order: at + 1 }));
    this.settle();
    this.group.dispatchEvent(new CustomEvent("newsroom:lines", { bubbles: true }));
  }

  settle() {
    const { kept } = this;
    kept.forEach((row, at) => {
      row.querySelector("[data-up]").disabled = at === 0;
      row.querySelector("[data-down]").disabled = at === kept.length - 1;
    });
    this.group.classList.toggle("has-one", kept.length < 2);
    this.group.classList.toggle("is-empty", kept.length === 0);
  }

  letDrag() {
    let held = null;
    this.group.addEventListener("pointerdown", (event) => {
      const row = event.target.closest?.(".line-grip")?.closest(".row");
      if (row) row.draggable = true;
    });
    this.group.addEventListener("pointerup", (event) => {
      const row = event.target.closest?.(".row");
      if (row) row.draggable = false;
    });
    this.group.addEventListener("dragstart", (event) => {
      if (!event.target.classList?.contains("line")) return;
      held = event.target;
      held.classList.add("is-held");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", held.dataset.title);
    });
    this.group.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      event.stopPropagation();
      const over = event.target.closest?.(".row");
      if (!over || over === held || !this.kept.includes(over)) return;
      const { top, height } = over.getBoundingClientRect();
      if (event.clientY < top + height / 2) over.before(held);
      else over.after(held);
    });
    this.group.addEventListener("drop", (event) => {
      if (held) event.preventDefault();
    });
    this.group.addEventListener("dragend", () => {
      if (!held) return;
      held.classList.remove("is-held");
      held.draggable = false;
      held = null;
      this.changed();
    });
  }
}

/**
 * Call `enhance` with every group of rows, those too that arrive later with somebody's changes:
 * what was being typed then goes on in the new one.
 */
export function whenThere(selector, enhance) {
  let last = null;
  let isTyping = false;
  const fresh = () => {
    for (const group of document.querySelectorAll(`${selector}:not([data-is-ready])`)) {
      group.dataset.isReady = "";
      enhance(group);
      const entry = group.querySelector(".lines-entry input");
      if (!entry) continue;
      if (last && !last.isConnected) {
        entry.value = last.value;
        if (isTyping) entry.focus();
        entry.setSelectionRange(entry.value.length, entry.value.length);
      }
      last = entry;
      isTyping = document.activeElement === entry;
      entry.addEventListener("focus", () => {
        isTyping = true;
      });
      // A moment later: a line that is taken away loses its focus before it is gone.
      entry.addEventListener("blur", () => setTimeout(() => {
        if (last === entry && document.activeElement !== entry) isTyping = false;
      }));
    }
  };
  fresh();
  const form = document.querySelector("#article_form") ?? document.body;
  new MutationObserver(fresh).observe(form, { childList: true, subtree: true });
}
