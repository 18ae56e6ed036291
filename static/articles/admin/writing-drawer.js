// The drawer with the timeline and the revisions: fetched each time it is opened.

const drawer = document.getElementById("drawer");

if (drawer) {
  const inside = drawer.querySelector("[data-drawer-inside]");
  const failed = drawer.querySelector("[data-drawer-failed]");

  const load = async () => {
    try {
      const answer = await fetch(drawer.dataset.drawer, { credentials: "same-origin" });
      // A session that ended leads to the page for signing in, which is no part of a drawer.
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      inside.replaceChildren(...page.body.childNodes);
      failed.hidden = true;
    } catch {
      failed.hidden = false;
    }
  };

  for (const link of document.querySelectorAll("[data-drawer-toggle]")) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      drawer.showModal();
      load();
    });
  }
}
