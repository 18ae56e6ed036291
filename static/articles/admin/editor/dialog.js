// A question over the page: a title, fields, and two buttons.
import { crel, gettext } from "django-prose-editor/editor";

let count = 0;

/** Give the text the keyboard at once, and return a chain of commands: the next key goes there. */
export function back(editor) {
  editor.view.focus();
  return editor.chain();
}

/**
 * Show a dialog; resolves with its fields' values by name, or with null.
 *
 * fields: {name, label, type ("text", "url", "number", "checkbox", "textarea"), value, required,
 * min, max, hint}. `build(form, dialog)`: adds whatever else belongs between fields and buttons.
 */
export function ask({ title, fields = [], submit = gettext("Insert"), build, className = "" }) {
  return new Promise((resolve) => {
    const number = ++count;
    const heading = crel("h2", { textContent: title, id: `ask-${number}` });
    const form = crel("form", { method: "dialog", noValidate: false }, [heading]);
    const dialog = crel("dialog", { className: `ask ${className}` }, [form]);
    dialog.setAttribute("aria-labelledby", heading.id);
    for (const [place, one] of fields.entries()) {
      const id = `ask-${number}-${place}`;
      const input = crel(one.type === "textarea" ? "textarea" : "input", { id, name: one.name });
      if (one.type !== "textarea") input.type = one.type ?? "text";
      if (one.type === "checkbox") input.checked = !!one.value;
      else input.value = one.value ?? "";
      for (const name of ["required", "min", "max", "placeholder", "pattern"]) {
        if (one[name] !== undefined) input[name] = one[name];
      }
      input.autocomplete = "off";
      const label = crel("label", { htmlFor: id, textContent: one.label });
      const row = one.type === "checkbox" ? [input, label] : [label, input];
      if (one.hint) {
        row.push(crel("p", { className: "ask__hint", textContent: one.hint, id: `${id}-hint` }));
        input.setAttribute("aria-describedby", `${id}-hint`);
      }
      form.append(crel("div", { className: `ask__field ask__field--${one.type ?? "text"}` }, row));
    }
    build?.(form, dialog);
    const cancel = crel("button", { type: "button", textContent: gettext("Cancel") });
    const rest = submit
      ? [cancel, crel("button", { className: "ask__submit", textContent: submit })]
      : [cancel];
    form.append(crel("div", { className: "ask__buttons" }, rest));
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      // The page's own form must not hear of this one.
      event.preventDefault();
      event.stopPropagation();
      const values = Object.fromEntries(
        fields.map(({ name, type }) => {
          const { value, checked } = form.elements[name];
          return [name, type === "checkbox" ? checked : value.trim()];
        }),
      );
      dialog.answer = values;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.answer ?? null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
