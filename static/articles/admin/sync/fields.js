// The fields around the text: what a screen holds, and what others changed in them.

const OURS = new Set(["csrfmiddlewaretoken", "_client", "_base", "_uid", "_note", "_verb"]);
const PLAN = new Set(["assignee", "due_on", "embargo_until"]);
const GROUPS = { byline: "bylines", related: "related_links" };

/** Return what the form holds, as [name, value] pairs; what only a button sends is left out. */
export function read(form) {
  return [...new FormData(form)].filter(
    ([name, value]) =>
      typeof value === "string" &&
      !OURS.has(name) &&
      !PLAN.has(name.replace("initial-", "")) &&
      !name.includes("__prefix__"),
  );
}

/** Return the plan as it stands; only a press on "Save" keeps it. */
export function plan(form) {
  return JSON.stringify([...PLAN].map((name) => form.elements[name]?.value ?? null));
}

/** Whether everything in `foreign` finds its place now, without touching what is being typed. */
export function canTake(form, foreign, sent) {
  return Object.entries(foreign).every(([name, arrival]) => {
    const group = GROUPS[name];
    if (group) {
      const element = document.getElementById(`${group}-group`);
      return !element || (!element.contains(document.activeElement) && same(form, sent, group));
    }
    const control = form.elements[name];
    if (!control || name === "body") return true;
    if (control.tagName === "SELECT") return control.value === (valueIn(sent, name) ?? "");
    return merge(valueIn(sent, name) ?? "", control.value, text(arrival)) !== null;
  });
}

/** Bring what others changed into the form. */
export function take(form, foreign, sent) {
  for (const [name, arrival] of Object.entries(foreign)) {
    if (GROUPS[name]) takeRows(GROUPS[name], arrival);
    else if (form.elements[name] && name !== "body") {
      const control = form.elements[name];
      if (control.tagName === "SELECT") choose(control, arrival.shown);
      else type(control, merge(valueIn(sent, name) ?? "", control.value, text(arrival)));
      control.dispatchEvent(new CustomEvent("newsroom:taken", { bubbles: true, detail: arrival }));
    }
  }
}

const text = (arrival) => String(arrival.shown ?? "");
const valueIn = (entries, name) => entries.find(([one]) => one === name)?.[1];
const rows = (entries, group) =>
  JSON.stringify(entries.filter(([name]) => name.startsWith(`${group}-`)));
const same = (form, sent, group) => rows(read(form), group) === rows(sent, group);

/** Where a text differs: how long it is the same from the start, and from the end. */
function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { start, end };
}

/** Lay the change from `sent` to `merged` under the one from `sent` to `now`; null: they touch. */
function merge(sent, now, given) {
  // Saving drops a space at the end; the next word may be about to follow it.
  const space = sent.slice(sent.trimEnd().length);
  const merged = given.endsWith(space) ? given : given + space;
  if (now === sent || now === merged) return merged;
  const mine = difference(sent, now);
  const theirs = difference(sent, merged);
  const inserted = (text, { start, end }) => text.slice(start, text.length - end);
  if (theirs.start >= sent.length - mine.end && theirs.start > mine.start) {
    const between = sent.slice(sent.length - mine.end, theirs.start);
    const tail = sent.slice(sent.length - theirs.end);
    return sent.slice(0, mine.start) + inserted(now, mine) + between + inserted(merged, theirs) + tail;
  }
  if (mine.start >= sent.length - theirs.end && mine.start > theirs.start) {
    const between = sent.slice(sent.length - theirs.end, mine.start);
    const tail = sent.slice(sent.length - mine.end);
    return sent.slice(0, theirs.start) + inserted(merged, theirs) + between + inserted(now, mine) + tail;
  }
  return null;
}

function type(control, value) {
  if (control.value === value) return;
  const { start, end } = difference(control.value, value);
  const [old, grown] = [control.value.length, value.length - control.value.length];
  const move = (caret) => {
    if (caret <= start) return caret;
    return caret >= old - end ? caret + grown : Math.min(caret, value.length - end);
  };
  const focused = document.activeElement === control && control.selectionStart !== null;
  const carets = focused ? [move(control.selectionStart), move(control.selectionEnd)] : null;
  control.value = value;
  if (carets) control.setSelectionRange(...carets);
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

function choose(control, shown) {
  const row = shown && typeof shown === "object" ? shown : { pk: shown ?? "", label: shown ?? "" };
  const value = String(row.pk ?? "");
  if (value && ![...control.options].some((option) => option.value === value)) {
    control.add(new Option(row.label, value));
  }
  control.value = value;
  // The searching lists of the admin listen by jQuery.
  const jquery = window.django?.jQuery;
  if (jquery) jquery(control).trigger("change");
  else control.dispatchEvent(new Event("change", { bubbles: true }));
}

function takeRows(group, { html }) {
  const old = document.getElementById(`${group}-group`);
  if (!old || !html) return;
  const made = new DOMParser().parseFromString(html, "text/html").getElementById(`${group}-group`);
  if (!made) return;
  old.replaceWith(document.adoptNode(made));
  const jquery = window.django?.jQuery;
  // Byline and related news have a script of their own, which sees them arrive.
  if (made.dataset.inlineFormset && jquery?.fn.stackedFormset) {
    const selector = `#${group}-group .inline-related`;
    const { options } = jquery(made).data("inlineFormset");
    jquery(selector).stackedFormset(selector, options);
    const lists = jquery(made).find(".admin-autocomplete").not("[name*=__prefix__]");
    lists.djangoAdminSelect2?.();
  }
  made.dispatchEvent(new CustomEvent("newsroom:rows", { bubbles: true, detail: { group } }));
}
