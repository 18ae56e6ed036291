// The picture picker: a dialog over whatever page needs a picture. Its HTML comes from the
// server when it is first opened, so that a page that picks nothing loads nothing.
//
// pickPicture({trigger}) resolves to the chosen picture or null; uploadPictures(files) takes
// files in, asks once what must be said about them, and resolves to the list of pictures.

import { acceptDrops, describe, upload } from "./library-upload.js";

const ADDRESS =
  document.querySelector("[data-picker-url]")?.dataset.pickerUrl ?? "/admin/articles/image/picker/";
const PAUSE = 200;

let loading;

// Fetches the dialog once. Rejects when nobody is signed in or the server is away.
function load() {
  loading ??= (async () => {
    const response = await fetch(ADDRESS);
    if (!response.ok || response.redirected) throw new Error(`picker: ${response.status}`);
    const parts = new DOMParser().parseFromString(await response.text(), "text/html");
    const dressed = [...parts.querySelectorAll('link[rel="stylesheet"]')].map((link) => {
      const style = document.importNode(link, true);
      const loaded = new Promise((resolve) => {
        style.addEventListener("load", resolve);
        style.addEventListener("error", resolve);
      });
      document.head.append(style);
      return loaded;
    });
    const dialog = document.importNode(parts.querySelector("dialog"), true);
    // At the end of the page: inside a form of its own page, its fields would be sent along.
    document.body.append(dialog);
    await Promise.all(dressed);
    return new Picker(dialog);
  })();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

class Picker {
  constructor(dialog) {
    this.dialog = dialog;
    this.choices = dialog.querySelector("[data-choices]");
    this.zone = dialog.querySelector("[data-uploads]");
    this.search = dialog.querySelector("[data-search] input");
    this.answer = () => {};
    dialog.addEventListener("close", () => {
      // Told late: by now the dialog may be open again for somebody else.
      if (dialog.open) return;
      dialog.querySelector("[data-skip]")?.click();
      this.answer(null);
    });
    dialog.addEventListener("click", (event) => this.clicked(event));
    dialog.querySelector("[data-search]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.find();
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.find(), PAUSE);
    });
    this.choices.addEventListener("keydown", (event) => this.moved(event));
    if (this.zone) {
      acceptDrops(dialog, (files) => this.take(files));
      const files = this.zone.querySelector("[data-files]");
      files.addEventListener("change", () => {
        if (files.files.length) this.take([...files.files]);
        files.value = "";
      });
    }
    this.rove();
  }

  get buttons() {
    return [...this.choices.querySelectorAll(".picker-choice")];
  }

  // Shows the dialog and resolves when somebody chose, or closed it.
  open(step) {
    this.answer(null);
    this.step(step);
    this.isForUploads = step === "upload";
    this.zone?.querySelector("[data-upload-list]").replaceChildren();
    this.zone?.querySelector("[data-describe]").replaceChildren();
    if (!this.dialog.open) this.dialog.showModal();
    return new Promise((resolve) => {
      this.answer = (result) => {
        this.answer = () => {};
        if (this.dialog.open) this.dialog.close();
        resolve(result);
      };
    });
  }

  // "choose", "upload" or "describe": what of the dialog is shown (see picker.css).
  step(name) {
    this.dialog.dataset.step = name;
    this.dialog.querySelector("[data-ended]").hidden = true;
  }

  clicked(event) {
    const choice = event.target.closest("[data-picture]");
    const more = event.target.closest("[data-more]");
    if (choice) this.answer(JSON.parse(choice.dataset.picture));
    else if (more) this.more(more);
    else if (event.target.closest("[data-done]")) this.answer(this.taken ?? null);
    else if (event.target.closest("[data-close]")) this.dialog.close();
  }

  async part(page) {
    const query = new URLSearchParams({ q: this.search.value, page });
    const response = await fetch(`${ADDRESS}?${query}`);
    if (!response.ok || response.redirected) throw new Error(`picker: ${response.status}`);
    return response.text();
  }

  async find() {
    // An answer that a later one overtook is dropped.
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const text = await this.part(1).catch(() => null);
    if (text === null || turn !== this.turn) return;
    this.choices.innerHTML = text;
    this.rove();
  }

  async more(button) {
    const before = this.buttons.length;
    const row = button.closest("li");
    const turn = this.turn;
    const text = await this.part(button.dataset.more).catch(() => null);
    if (text === null || turn !== this.turn || !row.isConnected) return;
    row.insertAdjacentHTML("afterend", text);
    row.remove();
    this.rove();
    this.focus(this.buttons[before]);
  }

  // One stop of the Tab key for the whole grid; the arrow keys move inside it.
  rove() {
    this.buttons.forEach((button, place) => {
      button.tabIndex = place ? -1 : 0;
    });
  }

  focus(button) {
    if (!button) return;
    for (const other of this.buttons) other.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  }

  moved(event) {
    const buttons = this.buttons;
    const place = buttons.indexOf(event.target.closest(".picker-choice"));
    if (place < 0) return;
    // As many as stand in the first row.
    const top = buttons[0].offsetTop;
    const across = Math.max(1, buttons.filter((button) => button.offsetTop === top).length);
    const ahead = getComputedStyle(this.choices).direction === "rtl" ? -1 : 1;
    const moves = {
      ArrowRight: place + ahead,
      ArrowLeft: place - ahead,
      ArrowDown: place + across,
      ArrowUp: place - across,
      Home: 0,
      End: buttons.length - 1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && moves.ArrowUp < 0) this.search.focus();
    else this.focus(buttons[Math.min(Math.max(moves[event.key], 0), buttons.length - 1)]);
  }

  async take(files) {
    if (this.isTaking) return;
    this.isTaking = true;
    try {
      const before = this.dialog.dataset.step;
      let pictures = await upload(files, this.zone);
      const hasFailed = pictures.length < files.length;
      this.taken = pictures;
      if (!this.dialog.open) return;
      if (pictures.length) {
        this.step("describe");
        pictures = await describe(pictures, this.zone);
      }
      if (!this.dialog.open) return;
      if (this.isForUploads) {
        // Whoever dropped files into a text is told what did not arrive, and goes on.
        this.taken = pictures;
        if (!hasFailed) this.answer(pictures);
        else {
          this.step("upload");
          this.dialog.querySelector("[data-ended]").hidden = false;
          this.dialog.querySelector("[data-done]").focus();
        }
      } else if (pictures.length === 1 && !hasFailed) {
        this.answer(pictures[0]);
      } else {
        this.step(before);
        this.search.value = "";
        await this.find();
        this.focus(this.buttons[0]);
      }
    } finally {
      this.isTaking = false;
    }
  }
}

// Opens the dialog; in a new tab, the library (and before it the login) where that fails.
async function opened() {
  try {
    return await load();
  } catch {
    window.open(new URL("../", new URL(ADDRESS, location.href)), "_blank", "noopener");
    return null;
  }
}

export async function pickPicture({ trigger } = {}) {
  const picker = await opened();
  if (!picker) return null;
  const back = trigger ?? document.activeElement;
  const chosen = picker.open("choose");
  // What others added meanwhile.
  if (picker.wasOpen) picker.find();
  picker.wasOpen = true;
  picker.search.focus();
  const picture = await chosen;
  back?.focus?.();
  return picture;
}

export async function uploadPictures(files) {
  const picker = await opened();
  if (!picker?.zone || !files.length) return [];
  picker.taken = [];
  const result = picker.open("upload");
  picker.take([...files]);
  return (await result) ?? picker.taken;
}
