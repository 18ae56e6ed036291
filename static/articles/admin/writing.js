// The place to write: says when something is not saved, counts words, asks before readers notice.

const form = document.getElementById("article_form");
const WORDS_PER_MINUTE = 238;

if (form) {
  const saveState = form.querySelector("[data-save-state]");
  let changed = form.querySelector(".errornote") !== null;
  let leaving = false;

  const markChanged = () => {
    if (changed) return;
    changed = true;
    if (saveState) saveState.textContent = saveState.dataset.unsaved;
    form.classList.add("is-changed");
  };
  form.addEventListener("input", markChanged);
  form.addEventListener("change", markChanged);
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaving) event.preventDefault();
  });

  form.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.ask;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    leaving = true;
  });

  // A headline is one line: Enter goes on to the standfirst instead of breaking it.
  const headline = document.getElementById("id_headline");
  headline?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      document.getElementById("id_standfirst")?.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector('[name="_continue"]')?.click();
    }
  });

  const counter = document.querySelector("[data-word-count]");
  const body = document.getElementById("id_body");
  if (counter && body) {
    const count = () => {
      const text = new DOMParser().parseFromString(body.value, "text/html").body;
      for (const block of text.querySelectorAll("p, li, h2, h3, h4, td, th, blockquote")) {
        block.append(" ");
      }
      const words = (text.textContent.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).length;
      const minutes = Math.max(1, Math.round(words / WORDS_PER_MINUTE));
      const name = words === 1 ? counter.dataset.one : counter.dataset.many;
      counter.textContent = `${words} ${name} · ${minutes} ${counter.dataset.minutes}`;
    };
    let waiting;
    body.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(count, 300);
    });
    if (!counter.textContent.trim()) count();
  }
}
