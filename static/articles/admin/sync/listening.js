// What happens on the page: typing, leaving, coming back, pressing "Save".
import * as fields from "./fields.js";
import * as journal from "./journal.js";
import { Prose } from "./prose.js";

const CHECK = 2000;

/** Start a session on its form: everything that happens on the page and concerns it. */
export async function listen(session, form, root) {
  journal.live(session.client);
  const gesture = (event) => {
    if (event.isTrusted) session.gestured = true;
  };
  for (const type of ["keydown", "pointerdown", "paste", "drop", "input"]) {
    document.addEventListener(type, gesture, { capture: true });
  }
  form.addEventListener("input", () => session.gestured && session.touched());
  form.addEventListener("change", () => session.gestured && session.touched());
  document.addEventListener("compositionstart", () => (session.composing = true));
  document.addEventListener("compositionend", () => (session.composing = false));
  window.addEventListener("submit", (event) => submitting(session, form, event));
  // "Save" by key: done without leaving the page, unless there is a plan that goes with it.
  document.addEventListener("newsroom:save", (event) => {
    if (session.plan !== fields.plan(form) || !root.dataset.writable) return;
    event.preventDefault();
    session.gestured = true;
    session.press();
    session.push({ isPull: Boolean(session.article) });
  });
  window.addEventListener("online", () => session.push({ isPull: true }));
  window.addEventListener("focus", () => session.isBack());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      session.isBack();
      session.beat();
    } else if (session.isDirty || !session.kept) {
      session.keep();
      session.push();
    }
  });
  window.addEventListener("pagehide", () => {
    if (session.isDirty || !session.kept) session.keep();
    session.goodbye();
  });
  window.addEventListener("beforeunload", (event) => {
    if (session.leaving || session.isStopped) return;
    const isUnsafe = session.text() !== session.settled && (!session.kept || !session.keeps);
    if (isUnsafe) session.keep();
    if (session.gestured && (isUnsafe || session.plan !== fields.plan(form))) event.preventDefault();
  });
  if (root.dataset.writable) {
    session.timers.check = setInterval(() => !document.hidden && session.check(), CHECK);
    if (session.settled === null) session.touched();
    session.beat();
    findEditor(session, form);
  }
  session.recovery.start().catch(() => {});
}

function submitting(session, form, event) {
  if (event.target !== form || event.defaultPrevented) return;
  if (session.trouble) {
    // The answer would be an error page, or one that asks for a password.
    event.preventDefault();
    session.press();
    session.keep();
    session.push({ isPull: true });
    return;
  }
  session.leaving = true;
  session.keep();
  setTimeout(() => (session.leaving = false), 15_000);
}

function findEditor(session, form) {
  const ready = (editor) => {
    if (session.prose || !editor) return;
    import("django-prose-editor/editor").then(({ pm }) => {
      session.prose ??= new Prose(editor, pm);
    });
  };
  document.addEventListener("prose-editor:ready", ({ detail }) => {
    if (detail.textarea === session.body) ready(detail.editor);
  });
  // It may have been there before this script.
  ready(form.querySelector(".field-body .ProseMirror, .prose-editor .ProseMirror")?.editor);
}
