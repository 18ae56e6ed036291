// Loads what another site shows only when a reader asks for it.
for (const button of document.querySelectorAll(".embed__load")) {
  const warning = button.nextElementSibling;
  button.hidden = warning.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "embed__frame";
    frame.title = button.dataset.title;
    frame.allow = "fullscreen; picture-in-picture; encrypted-media";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.setAttribute(
      "sandbox",
      "allow-scripts allow-same-origin allow-popups allow-presentation",
    );
    frame.src = button.dataset.frame;
    warning.remove();
    button.replaceWith(frame);
    frame.focus();
  });
}
