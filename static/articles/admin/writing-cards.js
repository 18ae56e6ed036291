// The search result, the social card and the browser's tab, as the words for them are typed.

const cards = document.querySelector("[data-cards]");
const field = (name) => document.getElementById(`id_${name}`);
// Search engines cut what is longer; the fields take more.
const ABOUT = { seo_title: 60, seo_description: 160 };

if (cards && field("headline")) {
  const value = (name) => field(name)?.value.trim() ?? "";
  const put = (name, text) => {
    for (const place of cards.querySelectorAll(`[data-card-${name}]`)) place.textContent = text;
  };
  // The tab says which of the stories that are open it is, a new one's too.
  const stored = `${value("headline")} · `;
  const rest = document.title.slice(document.title.startsWith(stored) ? stored.length : 0);
  const draw = () => {
    const headline = value("headline");
    document.title = headline ? `${headline} · ${rest}` : rest;
    put("headline", headline);
    put("title", value("seo_title") || headline);
    put("text", value("seo_description") || value("standfirst") || headline);
    // An empty field shows what stands in for it.
    if (field("seo_title")) field("seo_title").placeholder = headline;
    if (field("seo_description")) field("seo_description").placeholder = value("standfirst");
    for (const [name, limit] of Object.entries(ABOUT)) {
      const counter = document.querySelector(`[data-count-of="${name}"]`);
      if (!counter) continue;
      const shown = value(name) || field(name).placeholder;
      const number = [...shown].length;
      counter.textContent = cards.dataset.count
        .replace("%(number)s", number)
        .replace("%(limit)s", limit);
      counter.classList.toggle("is-over", number > limit);
    }
  };
  for (const name of Object.keys(ABOUT)) {
    if (!field(name)) continue;
    const counter = document.createElement("p");
    counter.className = "cards-count";
    counter.dataset.countOf = name;
    field(name).after(counter);
  }
  for (const name of ["headline", "standfirst", "seo_title", "seo_description"]) {
    field(name)?.addEventListener("input", draw);
  }
  draw();
  document.addEventListener("newsroom:picture", (event) => {
    const picture = cards.querySelector("[data-card-picture]");
    if (event.detail?.url) picture.src = event.detail.url;
  });
}
