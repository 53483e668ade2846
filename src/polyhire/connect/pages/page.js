// The connect page works without this. It adds: messages to the product that opened it, a filter, and less waiting.
(() => {
  "use strict";
  const page = document.body.dataset;
  const embedded = "embedded" in page && window.parent !== window;
  const listener = embedded ? window.parent : window.opener;

  const tell = (message) => {
    if (!listener) return false;
    for (const origin of JSON.parse(page.targets || "[]")) listener.postMessage(message, origin);
    return true;
  };
  const leave = (message) => {
    const told = tell(message);
    if (!embedded && page.onward) {
      // A product that listens closes this window; one that does not has given an address to go on to.
      window.setTimeout(() => window.location.assign(page.onward), told ? 1500 : 0);
    } else if (!embedded && told) {
      // Not at once: a message whose sender is gone reaches the product without a source.
      window.setTimeout(() => window.close(), 200);
    }
  };
  const message = page.message ? JSON.parse(page.message) : null;
  if (message && "atOnce" in page) leave(message);
  if ("closes" in page) window.close();

  for (const button of document.querySelectorAll("[data-finish]")) {
    if (button.tagName === "BUTTON") button.hidden = !(listener || window.opener);
    button.addEventListener("click", (event) => {
      if (!listener) return;
      event.preventDefault();
      leave(message);
    });
  }
  for (const link of document.querySelectorAll("[data-cancel]")) {
    if (listener) link.hidden = false;
    link.addEventListener("click", (event) => {
      if (!listener) return;
      event.preventDefault();
      // In a window of its own, closing it is the message: the product sees it.
      if (embedded) tell("closed"); else window.close();
    });
  }

  for (const button of document.querySelectorAll("[data-show]")) {
    const input = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.setAttribute("aria-label", "Show what is entered");
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", () => {
      document.getElementById("busy").textContent = form.dataset.busy;
      for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    });
  }
  // A page that comes back from the browser's memory is not busy any more.
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  for (const input of document.querySelectorAll("[data-filter]")) {
    const items = document.querySelectorAll(`#${input.dataset.filter} > li`);
    const none = document.getElementById(`${input.dataset.filter}-none`);
    const filter = () => {
      const wanted = input.value.trim().toLowerCase();
      let left = 0;
      for (const item of items) {
        item.hidden = !item.dataset.name.includes(wanted);
        if (!item.hidden) left += 1;
      }
      none.hidden = left > 0;
    };
    for (const button of document.querySelectorAll("[data-hide]")) button.hidden = true;
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = [...items].find((item) => !item.hidden);
      if (first) first.querySelector("a").click();
    });
    input.addEventListener("input", filter);
    filter();
  }

  if (page.go) window.location.replace(page.go);
  if (page.wait && embedded) {
    const look = async () => {
      try {
        const answer = await fetch(page.wait, { headers: { Accept: "application/json" }, credentials: "omit" });
        const status = answer.ok ? (await answer.json()).status : "consent";
        if (status !== "consent") { window.location.reload(); return; }
      } catch { /* the network comes and goes; the next look may do */ }
      window.setTimeout(look, 1000);
    };
    for (const link of document.querySelectorAll("[data-away]")) {
      link.addEventListener("click", () => {
        document.getElementById("busy").textContent = "Waiting for you to finish in the other window.";
      });
    }
    look();
  }
  document.querySelector("[data-focus]")?.focus();
})();
