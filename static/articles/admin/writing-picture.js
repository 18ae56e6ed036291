// The article's picture: chosen in the library over this page, or in the plain list.

const part = document.querySelector("[data-picture]");
const select = document.getElementById("id_picture");

if (part && select) {
  const list = part.querySelector("[data-picture-field]");
  const buttons = part.querySelector("[data-picture-buttons]");
  const choose = part.querySelector("[data-picture-choose]");
  const remove = part.querySelector("[data-picture-remove]");
  const shown = part.querySelector("[data-picture-shown]");
  const words = part.querySelector("[data-picture-words]");

  const show = (picture) => {
    shown.closest("figure").hidden = !picture;
    remove.hidden = !picture;
    if (!picture) return;
    choose.textContent = choose.dataset.other;
    shown.hidden = !picture.url;
    if (picture.url) shown.src = picture.url;
    shown.alt = picture.alt ?? "";
    words.textContent = picture.credit ?? "";
  };
  const set = (picture) => {
    const key = picture ? String(picture.pk) : "";
    if (key && ![...select.options].some((option) => option.value === key)) {
      select.add(new Option(picture.title || picture.alt || key, key));
    }
    select.value = key;
    show(picture);
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: picture }));
  };

  // Somebody else chose: their words for it stand here until the page is opened anew.
  select.addEventListener("newsroom:taken", () => {
    const label = select.selectedOptions[0]?.textContent;
    show(select.value ? { credit: label } : null);
  });

  buttons.hidden = false;
  list.hidden = true;
  choose.addEventListener("click", async () => {
    let pickPicture;
    try {
      ({ pickPicture } = await import(part.dataset.picker));
    } catch {
      // Without the library's window the plain list is there.
      list.hidden = false;
      return;
    }
    const picture = await pickPicture({ trigger: choose });
    if (picture) set(picture);
  });
  remove.addEventListener("click", () => {
    set(null);
    choose.focus();
  });
}
