// Copies the address of a new preview link, where the browser lets a script do that.
const address = document.querySelector("[data-copy]");
const button = document.querySelector("[data-copy-button]");

if (address) {
  address.addEventListener("focus", () => address.select());
  if (button && navigator.clipboard) {
    // The change of label is also said aloud by screen readers.
    button.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address.value);
      button.textContent = button.dataset.done;
    });
  }
}
