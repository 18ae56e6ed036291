// The library: files dropped on the page, or chosen with the button, are taken in and described.

import { acceptDrops, describe, upload } from "./library-upload.js";

const library = document.querySelector("[data-library]");
const add = document.querySelector("[data-add-pictures]");

if (library && add) {
  const zone = library.querySelector("[data-uploads]");
  const files = zone.querySelector("[data-files]");
  library.hidden = false;
  let isTaking = false;

  const take = async (chosen) => {
    if (isTaking) return;
    isTaking = true;
    const pictures = await upload(chosen, zone);
    const fresh = pictures.filter((picture) => !picture.is_duplicate);
    await describe(pictures, zone);
    isTaking = false;
    // What failed, or was there, stays to be read; else the grid shows the new pictures.
    if (fresh.length === chosen.length) location.assign(location.pathname);
    else link(pictures);
  };

  // A picture that was there before is one click away.
  const link = (pictures) => {
    const there = pictures.filter((picture) => picture.is_duplicate);
    zone.querySelectorAll('[data-state="there"] .upload-name').forEach((name, place) => {
      const way = document.createElement("a");
      way.href = `${location.pathname}${there[place].pk}/change/`;
      way.textContent = name.textContent;
      name.replaceChildren(way);
    });
  };

  acceptDrops(document.body, take);
  files.addEventListener("change", () => {
    if (files.files.length) take([...files.files]);
    files.value = "";
  });
  add.addEventListener("click", (event) => {
    event.preventDefault();
    files.click();
  });
}
