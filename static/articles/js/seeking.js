// Suggestions are fetched with the first search field that somebody goes into, not before.
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-suggest]")) import(document.body.dataset.finder);
});
