// The reader's page beside the text: as wide as a telephone, a tablet or a desk.

const WIDTH = "newsroom.writing.preview";
const desk = document.querySelector("[data-desk]");
const pane = document.getElementById("preview-pane");
const toggle = document.querySelector("[data-preview-toggle]");

if (desk && pane && toggle) {
  const frame = pane.querySelector("[data-frame]");
  const stage = frame.parentElement;
  const widths = [...pane.querySelectorAll("[data-width]")];
  const names = widths.map((button) => button.dataset.width);
  const kept = localStorage.getItem(WIDTH);
  let width = Number(names.includes(kept) ? kept : names[0]);

  // A page wider than the pane is drawn smaller, as a whole.
  const fit = () => {
    const scale = Math.min(1, stage.clientWidth / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${stage.clientHeight / scale}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "none";
    frame.style.marginInlineStart = `${Math.max(0, (stage.clientWidth - width) / 2)}px`;
  };
  const choose = (wanted) => {
    width = wanted;
    localStorage.setItem(WIDTH, String(width));
    for (const button of widths) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.width) === width));
    }
    fit();
  };
  const load = () => {
    const at = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, at), { once: true });
    frame.src = `${pane.dataset.preview}?beside=${Date.now()}`;
  };
  const show = (open) => {
    pane.hidden = !open;
    desk.classList.toggle("has-preview", open);
    toggle.setAttribute("aria-pressed", String(open));
    if (open) {
      load();
      fit();
    } else {
      frame.removeAttribute("src");
      toggle.focus();
    }
  };

  toggle.setAttribute("role", "button");
  toggle.setAttribute("aria-pressed", "false");
  toggle.addEventListener("click", (event) => {
    // With a key held, it is a link like every other.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(pane.hidden);
  });
  toggle.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle.click();
  });
  document.querySelector("[data-preview-also]")?.addEventListener("click", (event) => {
    event.preventDefault();
    toggle.click();
  });
  for (const button of widths) {
    button.addEventListener("click", () => choose(Number(button.dataset.width)));
  }
  pane.querySelector("[data-preview-close]").addEventListener("click", () => show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || pane.hidden) return;
    if (!document.querySelector("dialog[open]")) show(false);
  });
  new ResizeObserver(() => {
    if (!pane.hidden) fit();
  }).observe(stage);
  document.addEventListener("newsroom:sync", (event) => {
    if (!pane.hidden && ["saved", "merged"].includes(event.detail?.state)) load();
  });
  choose(width);
}
