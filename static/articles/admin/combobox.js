// A line to type in with a list of choices under it. The focus stays in the line; the list is
// steered from there (the pattern "combobox" of the ARIA guide).

const PAUSE = 150; // milliseconds without a key before choices are looked up

/**
 * Make `input` (role=combobox) and `list` (role=listbox) work together.
 *
 * look(text, signal) returns a promise of choices; draw(choice) returns the nodes of one;
 * take(choice) is called with the one that was chosen. isEager: the first choice is marked at
 * once, and the key Enter takes it. say(number): tells how many there are.
 * Returns {close, look}: look() asks at once.
 */
export function combobox(input, list, { look, draw, take, say = () => {}, isEager = false }) {
  let marked = -1;
  let choices = [];
  let waiting = 0;
  let request = null;
  let isWanted = false;

  const close = () => {
    clearTimeout(waiting);
    request?.abort();
    isWanted = false;
    choices = [];
    marked = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    marked = (index + choices.length) % choices.length;
    [...list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === marked));
    });
    const option = list.children[marked];
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const choose = (index) => {
    const choice = choices[index];
    close();
    take(choice);
  };
  const show = (found) => {
    choices = found;
    marked = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...found.map((choice, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(...draw(choice));
        // Before the line loses its focus, which would close the list.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(at));
        return option;
      }),
    );
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) list.scrollIntoView({ block: "nearest" });
    say(found.length);
    if (found.length && isEager) mark(0);
    if (found.length && isWanted) choose(0);
  };
  const ask = async () => {
    clearTimeout(waiting);
    request?.abort();
    // A slow answer to an earlier key must not replace the answer to a later one.
    const ours = new AbortController();
    request = ours;
    try {
      const found = await look(input.value.trim(), ours.signal);
      if (!ours.signal.aborted && document.activeElement === input) show(found);
    } catch (problem) {
      if (problem.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", (event) => {
    // What is being looked for is no part of the article.
    event.stopPropagation();
    clearTimeout(waiting);
    if (input.value.trim()) waiting = setTimeout(ask, PAUSE);
    else close();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (isOpen) mark(marked < 0 && step < 0 ? -1 : marked + step);
      else ask();
    } else if (event.key === "Enter" && marked >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      choose(marked);
    } else if (event.key === "Enter" && isEager && input.value.trim()) {
      // Typed faster than it was found: the best of what comes.
      event.preventDefault();
      isWanted = true;
      ask();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
  return { close, look: ask };
}

/** Make an element: its attributes, then what stands in it. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Fill "%(name)s" in a sentence that the template wrote. */
export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)[sd]/g, (_whole, name) => values[name] ?? "");
}

/** Text with what was typed in it marked, as nodes. */
export function withMatch(text, typed) {
  const at = typed ? text.toLocaleLowerCase().indexOf(typed.toLocaleLowerCase()) : -1;
  if (at < 0) return [text];
  const end = at + typed.length;
  return [text.slice(0, at), element("b", {}, text.slice(at, end)), text.slice(end)];
}
