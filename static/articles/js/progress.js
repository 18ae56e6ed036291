// How far a reader is: a line along the top, and the part of the story in the list of contents.
const text = document.querySelector(".story__body");

if (text) {
  const line = document.createElement("div");
  line.className = "progress";
  line.setAttribute("aria-hidden", "true");
  document.body.append(line);

  const parts = [...document.querySelectorAll(".contents a")].map((link) => ({
    link,
    heading: document.getElementById(decodeURIComponent(link.hash.slice(1))),
  }));
  let asked = false;

  const draw = () => {
    asked = false;
    const { top, height } = text.getBoundingClientRect();
    // Read is what has left the screen by its upper third, and all of it at its end.
    const read = (innerHeight / 3 - top) / Math.max(1, height - (innerHeight * 2) / 3);
    const share = Math.min(1, Math.max(0, read));
    line.style.setProperty("--read", share);
    line.hidden = share === 0 || share === 1;
    const here = parts.findLast(
      ({ heading }) => heading?.getBoundingClientRect().top < innerHeight / 3,
    );
    for (const part of parts) {
      if (part === here) part.link.setAttribute("aria-current", "location");
      else part.link.removeAttribute("aria-current");
    }
  };
  const ask = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  };
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", ask, { passive: true });
  draw();
}
