// Reports one view of the story, once the page has been in sight for a moment, and says from
// where the reader came. A page that comes back from the browser's own memory reports anew: the
// newsroom knows repeats.
const SEEN_AFTER = 1000; // milliseconds without a break
const hook = document.querySelector("[data-beacon]");
let timer;
let reported = false;

function report() {
  reported = true;
  navigator.sendBeacon(hook.dataset.beacon, document.referrer);
}

function watch() {
  clearTimeout(timer);
  // A page that the browser draws ahead of a click has been seen by nobody.
  const inSight = document.visibilityState === "visible" && !document.prerendering;
  if (inSight && !reported) timer = setTimeout(report, SEEN_AFTER);
}

if (hook && "sendBeacon" in navigator) {
  document.addEventListener("visibilitychange", watch);
  document.addEventListener("prerenderingchange", watch);
  addEventListener("pageshow", (event) => {
    if (event.persisted) reported = false;
    watch();
  });
  watch();
}
