// Shows the ways of sharing that need a script: the device's own sheet and the clipboard.
const SAID_FOR = 2500; // milliseconds
const url = document.querySelector("link[rel=canonical]")?.href ?? location.href;
const title = document.querySelector("meta[property='og:title']")?.content ?? document.title;

async function openSheet(event) {
  event.preventDefault();
  try {
    await navigator.share({ title, url });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // Closing the sheet is no fault.
  }
}

const native = document.querySelector("[data-share-native]");
if (native && navigator.share) {
  native.hidden = false;
  native.querySelector("button").addEventListener("click", openSheet);
  // The link at the head leads down to the ways of sharing; the sheet is one step nearer.
  document.querySelector(".facts a[href='#share']")?.addEventListener("click", openSheet);
}

const copy = document.querySelector("[data-share-copy]");
if (copy && navigator.clipboard) {
  const button = copy.querySelector("button");
  const label = button.textContent;
  // The change of label is also said aloud by screen readers.
  button.setAttribute("aria-live", "polite");
  copy.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(url);
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = label), SAID_FOR);
  });
}
