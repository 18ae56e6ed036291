// The focal point of a picture: click it, or move it with the arrow keys.

const picture = document.querySelector("[data-focal-picture]");
const across = document.querySelector('[data-focal="x"]');
const down = document.querySelector('[data-focal="y"]');
const STEP = 0.02;

if (picture && across && down) {
  const frame = picture.querySelector(".focal-original");
  const point = picture.querySelector(".focal-point");
  picture.querySelector("[data-focal-hint]").hidden = false;
  point.hidden = false;

  const inside = (value) => Math.min(1, Math.max(0, value));
  const show = () => {
    point.style.left = `${inside(Number(across.value)) * 100}%`;
    point.style.top = `${inside(Number(down.value)) * 100}%`;
  };
  const set = (x, y) => {
    across.value = inside(x).toFixed(3);
    down.value = inside(y).toFixed(3);
    show();
  };

  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", picture.querySelector("[data-focal-hint]").textContent);
  frame.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    set(Number(across.value) + move[0], Number(down.value) + move[1]);
  });
  across.addEventListener("input", show);
  down.addEventListener("input", show);
  show();
}
