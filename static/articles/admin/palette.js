// The palette: ⌘K or Ctrl-K on every page of the desk. Focus stays in its line; the list below is
// steered from there, so that typing and choosing never get in each other's way.

const dialog = document.querySelector("[data-palette]");
const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

if (dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const none = dialog.querySelector("[data-palette-none]");
  const trouble = dialog.querySelector("[data-palette-trouble]");
  const count = dialog.querySelector("[data-palette-count]");
  const groupTemplate = dialog.querySelector("[data-palette-group]");
  const itemTemplate = dialog.querySelector("[data-palette-item]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  let request = null;
  let waiting = 0;
  let openWhenFound = null;

  for (const key of document.querySelectorAll("[data-palette-modifier]")) {
    key.textContent = isApple ? "⌘" : "Ctrl";
  }

  const choose = (option) => {
    for (const one of list.querySelectorAll("[aria-selected=true]")) {
      one.setAttribute("aria-selected", "false");
    }
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    // The first line brings its heading along.
    (option === options()[0] ? list.firstElementChild : option).scrollIntoView({ block: "nearest" });
  };

  const open = (option, inNewTab) => {
    if (!option) return;
    const { address } = option.dataset;
    if (inNewTab) window.open(address, "_blank", "noopener");
    else {
      dialog.close();
      window.location.assign(address);
    }
  };

  const draw = (groups) => {
    list.replaceChildren();
    let number = 0;
    for (const group of groups) {
      const box = groupTemplate.content.firstElementChild.cloneNode(true);
      const head = box.querySelector(".palette-head");
      head.id = `palette-${group.name}`;
      head.textContent = group.title;
      box.setAttribute("aria-labelledby", head.id);
      for (const item of group.items) {
        const line = itemTemplate.content.firstElementChild.cloneNode(true);
        number += 1;
        line.id = `palette-item-${number}`;
        line.dataset.address = item.address;
        line.querySelector(".palette-title").textContent = item.title;
        line.querySelector(".palette-facts").textContent = item.line;
        if (item.state) {
          const state = line.querySelector(".palette-state");
          state.hidden = false;
          state.textContent = item.state_title;
          state.classList.add("state", `state-${item.state}`);
        }
        box.append(line);
      }
      list.append(box);
    }
    list.hidden = !number;
    none.hidden = Boolean(number);
    count.textContent = number === 1 ? count.dataset.one : `${number} ${count.dataset.many}`;
    choose(options()[0]);
  };

  const look = async () => {
    clearTimeout(waiting);
    waiting = 0;
    request?.abort();
    const mine = (request = new AbortController());
    const query = new URLSearchParams({ q: input.value });
    if (dialog.dataset.article) query.set("article", dialog.dataset.article);
    try {
      const answer = await fetch(`${dialog.dataset.source}?${query}`, {
        signal: mine.signal,
        headers: { Accept: "application/json" },
      });
      // Whoever was signed out meanwhile is sent to the login, which is no list.
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { groups } = await answer.json();
      trouble.hidden = true;
      draw(groups);
    } catch (error) {
      if (error.name === "AbortError") return;
      draw([]);
      none.hidden = true;
      trouble.hidden = false;
    }
    if (request !== mine) return;
    request = null;
    // Enter was pressed before the answer came: it meant what is first now.
    if (openWhenFound) open(options()[0], openWhenFound.inNewTab);
    openWhenFound = null;
  };

  const show = () => {
    if (dialog.open || document.querySelector("dialog:modal")) return;
    input.value = "";
    openWhenFound = null;
    dialog.showModal();
    input.focus();
    look();
  };

  input.addEventListener("input", () => {
    openWhenFound = null;
    clearTimeout(waiting);
    waiting = setTimeout(look, 60);
  });

  dialog.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all.at((at + step + all.length) % (all.length || 1)));
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      const inNewTab = event.ctrlKey || event.metaKey;
      if (waiting || request) {
        openWhenFound = { inNewTab };
        if (waiting) look();
      } else open(all[at], inNewTab);
    }
  });

  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  // The line keeps the focus when somebody presses on the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  for (const press of ["click", "auxclick"]) {
    list.addEventListener(press, (event) => {
      if (event.button > 1) return;
      open(
        event.target.closest("[role=option]"),
        event.ctrlKey || event.metaKey || event.button === 1,
      );
    });
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => request?.abort());

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key?.toLowerCase() !== "k" || event.shiftKey || event.altKey) return;
      if (!(isApple ? event.metaKey : event.ctrlKey)) return;
      // With words chosen in the text, this key makes a link of them.
      const inText = event.target.closest?.("[contenteditable]:not([contenteditable=false])");
      if (inText && !window.getSelection().isCollapsed) return;
      event.preventDefault();
      event.stopPropagation();
      if (dialog.open) dialog.close();
      else show();
    },
    { capture: true },
  );
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) show();
  });
  for (const button of document.querySelectorAll("[data-palette-open]")) button.hidden = false;
}
