// The focal point of a picture: click it, or move it with the arrow keys. The crops beside it
// show at once what stays.

const picture = document.querySelector("[data-focal-picture]");
const across = document.querySelector('[data-focal="x"]');
const down = document.querySelector('[data-focal="y"]');
const STEP = 0.02;

const inside = (value) => Math.min(1, Math.max(0, value));

// Which part of the spare length lies before the window, in percent: the window is centred on
// the focal point as far as the picture's edges allow, as articles/imaging/pictures.py crops.
function place(length, window, focal) {
  const spare = length - window;
  if (spare <= 0) return 50;
  return (Math.min(Math.max(focal * length - window / 2, 0), spare) / spare) * 100;
}

if (picture && across && down) {
  const frame = picture.querySelector(".focal-original");
  const original = frame.querySelector("img");
  const point = picture.querySelector(".focal-point");
  const hint = picture.querySelector("[data-focal-hint]");
  hint.hidden = false;
  point.hidden = false;
  picture.querySelector("[data-crops-saved]").hidden = true;
  picture.querySelector("[data-crops-live]").hidden = false;

  const show = () => {
    const [x, y] = [inside(Number(across.value)), inside(Number(down.value))];
    point.style.left = `${x * 100}%`;
    point.style.top = `${y * 100}%`;
    const [width, height] = [Number(original.getAttribute("width")), Number(original.getAttribute("height"))];
    for (const crop of picture.querySelectorAll("[data-crop]")) {
      const ratio = Number(crop.dataset.crop);
      const left = place(width, Math.min(width, height * ratio), x);
      const top = place(height, Math.min(height, width / ratio), y);
      crop.style.objectPosition = `${left}% ${top}%`;
    }
  };
  const set = (x, y) => {
    across.value = inside(x).toFixed(3);
    down.value = inside(y).toFixed(3);
    show();
  };

  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    frame.focus();
  });
  const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", hint.textContent);
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
