// Uploads: each file by itself with its progress, then what must be said about the new pictures,
// once for all of them. `zone` is an element of _uploads.html; its attributes hold all texts.

// Sends one file. Resolves to the picture; rejects with a sentence for whoever sent it.
function send(file, zone, progressed) {
  const { uploadUrl, maxBytes, textTooLarge, textLost, textRefused } = zone.dataset;
  if (file.size > Number(maxBytes)) return Promise.reject(new Error(textTooLarge));
  return new Promise((resolve, reject) => {
    // Not fetch(): it does not tell how much of a body has gone out.
    const request = new XMLHttpRequest();
    request.open("POST", uploadUrl);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader(
      "X-CSRFToken",
      zone.querySelector('[name="csrfmiddlewaretoken"]').value,
    );
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progressed(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new Error(textLost)));
    request.addEventListener("load", () => {
      const answer = request.response;
      if (answer?.uid) resolve(answer);
      else if (answer?.error) reject(new Error(answer.error));
      // A redirect to the login ends in a page: no JSON.
      else reject(new Error(request.status >= 500 ? textLost : textRefused));
    });
    const data = new FormData();
    data.append("file", file);
    request.send(data);
  });
}

// Uploads files one after the other. Resolves to the pictures that are in the library now, in
// the order of the files; those that were there before have `is_duplicate`.
export async function upload(files, zone) {
  const list = zone.querySelector("[data-upload-list]");
  list.replaceChildren();
  const rows = [...files].map((file) => {
    const row = zone.querySelector("[data-upload-row]").content.cloneNode(true).firstElementChild;
    row.querySelector(".upload-name").textContent = file.name;
    list.append(row);
    return { file, row };
  });
  const pictures = [];
  for (const { file, row } of rows) {
    const bar = row.querySelector("progress");
    const says = row.querySelector(".upload-says");
    try {
      const picture = await send(file, zone, (part) => {
        bar.value = part;
      });
      pictures.push(picture);
      says.textContent = picture.is_duplicate ? picture.message : zone.dataset.textTaken;
      row.dataset.state = picture.is_duplicate ? "there" : "taken";
    } catch (error) {
      says.textContent = error.message;
      row.dataset.state = "failed";
    }
    bar.remove();
  }
  return pictures;
}

// Asks for alt text and credit of those pictures that are new. Resolves to all of them as they
// are then; skipped ones as they were.
export async function describe(pictures, zone) {
  const fresh = pictures.filter((picture) => !picture.is_duplicate);
  if (!fresh.length) return pictures;
  const place = zone.querySelector("[data-describe]");
  const query = new URLSearchParams({ ids: fresh.map(({ pk }) => pk).join(","), part: "1" });
  const response = await fetch(`${zone.dataset.describeUrl}?${query}`);
  if (!response.ok || response.redirected) return pictures;
  const show = (text) => {
    place.innerHTML = text;
    place.querySelector("textarea")?.focus();
  };
  show(await response.text());
  const described = await new Promise((resolve) => {
    const sent = async (event) => {
      event.preventDefault();
      const answer = await save(event.target, place, zone);
      if (answer?.form) show(answer.form);
      else if (answer) done(answer.pictures);
    };
    const skipped = (event) => {
      if (!event.target.closest("[data-skip]")) return;
      event.preventDefault();
      done([]);
    };
    const done = (result) => {
      place.removeEventListener("submit", sent);
      place.removeEventListener("click", skipped);
      place.replaceChildren();
      resolve(result);
    };
    place.addEventListener("submit", sent);
    place.addEventListener("click", skipped);
  });
  const byPk = new Map(described.map((picture) => [picture.pk, picture]));
  return pictures.map((picture) => byPk.get(picture.pk) ?? picture);
}

// Sends the form; undefined where it did not get through, with the reason in its place.
async function save(form, place, zone) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    return await response.json();
  } catch {
    let says = place.querySelector("[role=alert]");
    if (!says) {
      says = document.createElement("p");
      says.className = "errornote";
      says.setAttribute("role", "alert");
      form.append(says);
    }
    says.textContent = zone.dataset.textLost;
    return undefined;
  }
}

// Hands files that are dropped on `target` to `take`; marks it while they hover.
export function acceptDrops(target, take) {
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  const mark = (on) => target.classList.toggle("is-dropping", on);
  target.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    depth += 1;
    mark(true);
  });
  target.addEventListener("dragleave", (event) => {
    if (!carries(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) mark(false);
  });
  target.addEventListener("dragover", (event) => {
    if (carries(event)) event.preventDefault();
  });
  target.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    mark(false);
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}
