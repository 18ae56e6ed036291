// Keeps "Reading now" true while somebody looks at it.
const EVERY = 10000; // milliseconds
const place = document.querySelector("[data-now]");

async function refresh() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(place.dataset.now);
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  } catch {
    // The next time may find the server again; what stands there stays.
  }
}

if (place) setInterval(refresh, EVERY);
