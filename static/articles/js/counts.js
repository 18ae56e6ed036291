// A kept page shows the views and lists of the hour it was made: asks once for those of now.
const MOST = 30; // what the site answers for in one request
const shown = document.querySelectorAll("[data-views]");
const lists = document.querySelector("[data-rankings]");
const door = document.body.dataset.counts;

function address() {
  const ids = [...new Set([...shown].map((one) => Number(one.dataset.views)))];
  ids.sort((one, other) => one - other); // one address, whatever order the page has them in
  const asked = new URLSearchParams();
  if (ids.length) asked.set("ids", ids.slice(0, MOST));
  if (lists) asked.set("lists", lists.dataset.rankings);
  return `${door}?${asked}`.replaceAll("%2C", ",");
}

// Lists of now take the place of those that the page came with, unless that would move what
// somebody looks at, or take the place from under the keyboard.
function relist(html) {
  if (!html || lists.contains(document.activeElement)) return;
  const [before, old] = [lists.getBoundingClientRect(), [...lists.childNodes]];
  lists.innerHTML = html;
  const isInSight = before.top < innerHeight && before.bottom > 0;
  if (isInSight && lists.offsetHeight !== before.height) lists.replaceChildren(...old);
}

async function refresh() {
  try {
    const answer = await fetch(address(), { credentials: "omit" });
    if (!answer.ok) return;
    const words = await answer.json();
    for (const one of shown) one.textContent = words[one.dataset.views] ?? one.textContent;
    if (lists) relist(words.lists);
  } catch {
    // Offline: what the page said when it was made still stands.
  }
}

if (door && (shown.length || lists)) {
  if (document.prerendering) document.addEventListener("prerenderingchange", refresh);
  else refresh();
  addEventListener("pageshow", (event) => event.persisted && refresh());
}
