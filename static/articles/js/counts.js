// A kept page shows the views of the hour it was made: asks once for those of now.
const MOST = 30; // what the site answers for in one request
const shown = document.querySelectorAll("[data-views]");
const door = document.body.dataset.counts;

async function refresh() {
  const ids = [...new Set([...shown].map((one) => Number(one.dataset.views)))];
  ids.sort((one, other) => one - other); // one address, whatever order the page has them in
  try {
    const answer = await fetch(`${door}?ids=${ids.slice(0, MOST)}`, { credentials: "omit" });
    if (!answer.ok) return;
    const words = await answer.json();
    for (const one of shown) one.textContent = words[one.dataset.views] ?? one.textContent;
  } catch {
    // Offline: what the page said when it was made still stands.
  }
}

if (door && shown.length) {
  if (document.prerendering) document.addEventListener("prerenderingchange", refresh);
  else refresh();
  addEventListener("pageshow", (event) => event.persisted && refresh());
}
