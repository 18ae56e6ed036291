// The place to write: keys, the question before readers notice, and the bar's menu.

const form = document.getElementById("article_form");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const next = form?.querySelector("[data-next]");
const asks = document.getElementById("asks");
const keys = document.getElementById("keys");
let answered = null;

// What happened since the last key is in the form before anything leaves the page.
const flush = () =>
  document.getElementById("id_body")?.dispatchEvent(new CustomEvent("prose-editor:flush"));

const save = () => {
  flush();
  // Whoever saves without leaving the page takes the event; else the form is sent.
  const wanted = new CustomEvent("newsroom:save", { cancelable: true, bubbles: true });
  if (document.dispatchEvent(wanted)) form.querySelector('[name="_continue"]')?.click();
};

// --- readers notice: ask first ------------------------------------------------------------------

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!asks || !button?.hasAttribute("data-asks") || answered === button) return;
  event.preventDefault();
  // Nobody else is to take the page for left.
  event.stopImmediatePropagation();
  asks.querySelector("[data-asks-what]").textContent = button.textContent;
  asks.querySelector("[data-asks-yes]").textContent = button.textContent;
  const gate = document.querySelector(".gate-shut > summary");
  const told = asks.querySelector("[data-asks-gate]");
  told.hidden = !gate;
  told.textContent = [...(gate?.children ?? [])].map((part) => part.textContent).join(": ");
  asks.returnValue = "";
  asks.addEventListener(
    "close",
    () => {
      if (asks.returnValue !== "yes") return;
      answered = button;
      form.requestSubmit(button);
      answered = null;
    },
    { once: true },
  );
  asks.showModal();
}, true);

// --- from the headline on -----------------------------------------------------------------------

const headline = document.getElementById("id_headline");
const standfirst = document.getElementById("id_standfirst");
const goOn = (event, to) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  to();
};
// Each of them is one paragraph: Enter goes on instead of breaking it.
headline?.addEventListener("keydown", (event) => goOn(event, () => standfirst?.focus()));
standfirst?.addEventListener("keydown", (event) =>
  goOn(event, () => document.querySelector(".prose-editor .ProseMirror")?.focus()),
);

// --- keys ---------------------------------------------------------------------------------------

if (isMac) for (const key of document.querySelectorAll("[data-mod]")) key.textContent = "⌘";

const help = document.querySelector("[data-help-open]");
if (help && keys) {
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());
}

const isWriting = (place) =>
  place instanceof Element && place.closest("input, textarea, select, [contenteditable='true']");

// Before the editor sees them: it would break a line at Ctrl-Enter.
document.addEventListener(
  "keydown",
  (event) => {
    const mod = event.metaKey || event.ctrlKey;
    const key = event.key.toLowerCase();
    if (mod && !event.shiftKey && !event.altKey && key === "s") {
      event.preventDefault();
      if (form && !document.querySelector("dialog[open]")) save();
    } else if (mod && event.shiftKey && key === "p") {
      event.preventDefault();
      document.querySelector("[data-preview-toggle]")?.click();
    } else if (mod && event.key === "Enter" && !document.querySelector("dialog[open]")) {
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      flush();
      next.click();
    } else if (event.key === "?" && !mod && !isWriting(event.target)) {
      if (keys && !document.querySelector("dialog[open]")) keys.showModal();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      closeMenu(true);
    }
  },
  true,
);

// --- the menu -----------------------------------------------------------------------------------

const menu = document.querySelector("[data-menu]");
function closeMenu(refocus) {
  if (!menu?.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}
document.addEventListener("click", (event) => {
  if (!menu?.contains(event.target) || event.target.closest("[data-drawer-toggle]")) closeMenu();
});
// A click beside a dialog closes it.
for (const dialog of document.querySelectorAll("dialog.asks, dialog.keys, dialog.drawer")) {
  dialog.addEventListener("click", (event) => {
    // The second click of a double click on what opened it is no answer.
    if (event.target === dialog && event.detail < 2) dialog.close();
  });
}

// --- the first article --------------------------------------------------------------------------

const SEEN = "newsroom.writing.welcomed";
const welcome = document.querySelector("[data-welcome]");
if (welcome && localStorage.getItem(SEEN) === null) {
  welcome.hidden = false;
  welcome.querySelector("[data-welcome-close]").addEventListener("click", () => {
    localStorage.setItem(SEEN, "yes");
    welcome.hidden = true;
    headline?.focus();
  });
}
