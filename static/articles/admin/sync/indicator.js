// Says how safe what was typed is. Its texts stand in the page's template.

const place = document.querySelector("[data-save-state]");
const said = document.querySelector("[data-sync-said]");
const texts = new Map(
  [...(document.getElementById("sync-state")?.content.querySelectorAll("[data-state]") ?? [])].map(
    (node) => [node.dataset.state, node.textContent.trim()],
  ),
);
// A screen reader hears what matters, not each save.
const SPOKEN = new Set(["kept", "merged", "needs-you", "signed-out", "read-only"]);
// Our finer states, as others know them.
const PUBLIC = {
  waiting: "saving",
  conflict: "needs-you",
  errors: "needs-you",
  "merged-many": "merged",
  nowhere: "needs-you",
  plan: "needs-you",
  offline: "kept",
};
let current = "";

export function say(state, { name = "", at = Date.now() } = {}) {
  const open = PUBLIC[state] ?? state;
  const text = (texts.get(state) ?? "").replace("{name}", name);
  if (place) {
    place.dataset.state = open;
    if (text && place.textContent !== text) place.textContent = text;
  }
  const form = document.getElementById("article_form");
  form?.classList.toggle("is-changed", !["saved", "merged"].includes(open));
  if (said && SPOKEN.has(open) && current !== `${state} ${name}`) said.textContent = text;
  current = `${state} ${name}`;
  document.dispatchEvent(new CustomEvent("newsroom:sync", { detail: { state: open, at } }));
}

/** Show who else is in the article. */
export function showPresent(people) {
  const list = document.querySelector("[data-presence]");
  const template = document.getElementById("sync-presence");
  if (!list || !template) return;
  const you = template.content.querySelector("[data-you]").textContent;
  list.replaceChildren(
    ...people.map((person) => {
      const item = template.content.querySelector("li").cloneNode(true);
      const name = person.you ? you : person.name;
      item.querySelector(".sync-initial").textContent = (person.name || "?").slice(0, 1);
      item.querySelector(".sync-name").textContent = name;
      item.querySelector(".sync-field").textContent = person.field;
      item.title = [name, person.field].filter(Boolean).join(": ");
      return item;
    }),
  );
  list.hidden = !people.length;
}

/** Return [state, name] of a session. `hasPlan`: there is a plan that only "Save" keeps. */
export function stateOf(session, hasPlan) {
  if (session.isStopped) return ["read-only"];
  if (session.trouble === "signed-out" || session.trouble === "other-user") return ["signed-out"];
  if (session.isDirty && !session.keeps && (session.trouble || !session.busy)) return ["nowhere"];
  // Whoever presses a button wants to know why nothing follows.
  const isAsked = session.trouble === "network" && session.pressed === "network";
  if (session.trouble) return session.isDirty && !isAsked ? ["kept"] : ["offline"];
  if (session.typing) return ["waiting"];
  if (session.busy && session.isDirty) return ["saving"];
  if (session.isDirty) return session.errors.length ? wrong(session) : ["waiting"];
  if (session.conflicts.length) return ["conflict"];
  if (session.errors.length) return wrong(session);
  if (hasPlan) return ["plan"];
  if (session.news) return session.news === "*" ? ["merged-many"] : ["merged", session.news];
  return session.gestured && session.article ? ["saved"] : [""];
}

function wrong(session) {
  const label = document.querySelector(`label[for="id_${CSS.escape(session.errors[0])}"]`);
  return ["errors", label?.textContent.replace(/:$/, "").trim() || session.errors[0]];
}
