// What every page may do better with a script, and does without: menus that close, and focus that follows a swap.
(() => {
  "use strict";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  // After a part of the page was replaced, go where the answer wants to be read: its errors, or its new heading.
  // What a page asks by itself (live.js, similar reports) takes nobody anywhere.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.sourceElement?.matches?.("[data-live], [data-quiet]")) return;
    const place = document.querySelector(".errors, [data-focus]");
    place?.focus();
    place?.removeAttribute("data-focus"); // once: what else is replaced later takes nobody back here
  });
})();
