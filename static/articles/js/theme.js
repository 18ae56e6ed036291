// Light or dark: the system's choice, unless this reader chose otherwise on this device.
// A plain script in the head, not a module: it must act before the first paint.
(() => {
  const KEY = "theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // Storage is switched off: follow the system.
    }
  };
  const isDark = () => (remembered() ?? (system.matches ? "dark" : "light")) === "dark";

  const apply = () => {
    const chosen = remembered();
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const theme = meta.dataset.theme;
      meta.media = chosen
        ? chosen === theme ? "all" : "not all"
        : `(prefers-color-scheme: ${theme})`;
    }
    document.querySelector("[data-theme-switch]")?.setAttribute("aria-pressed", isDark());
  };

  const toggle = () => {
    const dark = !isDark();
    try {
      // Back at the system's own choice there is nothing to remember.
      if (dark === system.matches) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, dark ? "dark" : "light");
    } catch {
      return;
    }
    apply();
  };

  // What only a script can answer has its place from the first paint on (base.css).
  root.dataset.scripts = "";
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    if (!button) return;
    button.addEventListener("click", toggle);
    apply();
  });
})();
