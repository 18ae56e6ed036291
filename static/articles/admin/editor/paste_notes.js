// Footnotes of any program: what a link in the text and a link below it say to each other.

/**
 * Find notes: a link to a place whose own link leads back. Takes the places out of the document;
 * returns what each note says, by the element that marks it in the text.
 */
export function notesOf(doc) {
  const notes = new Map();
  const named = (name) =>
    [...doc.querySelectorAll("[id], a[name]")].filter(
      (one) => one.id === name || one.getAttribute("name") === name,
    );
  for (const link of doc.querySelectorAll('a[href*="#"]')) {
    if (!link.isConnected) continue;
    const name = link.getAttribute("href").split("#")[1];
    for (const target of name ? named(name) : []) {
      const holder =
        target.closest('li, div[id^="ftn"], div[id^="edn"], div[id^="sdfootnote"], p') ?? target;
      if (holder.contains(link)) continue;
      const back = [...holder.querySelectorAll('a[href*="#"]')].find((one) => {
        const to = one.getAttribute("href").split("#")[1];
        return (
          to &&
          named(to).some((place) => place === link || place.contains(link) || link.contains(place))
        );
      });
      if (!back) continue;
      back.remove();
      const words = holder.textContent
        .replace(/[ \t\r\n]+/g, " ")
        .replace(/^[\s^↑[\]\d.]*\s/, "")
        .trim();
      holder.remove();
      const marker = link.closest("sup") ?? link;
      if (words) notes.set(marker, words);
      break;
    }
  }
  return notes;
}
