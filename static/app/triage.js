// The work of the second level by keyboard: a list one moves in, a report beside it, and a key for each step.
// Without this script the page works by links and forms alone. Which key does what stands in the markup, as
// aria-keyshortcuts; here is only how a key finds its element.
(() => {
  "use strict";

  const KEPT = "campusruf.keys";
  const SCROLLED = "campusruf.triage.scroll";
  if (!document.getElementById("desk")) return;

  // Looked up each time: going back in the history puts another list in the place of this one.
  const list = () => document.querySelector("[data-list]");
  const keys = () => document.getElementById("keys");
  const onSwitch = () => document.querySelector("[data-keys-on]");
  const isWide = () => matchMedia("(min-width: 62rem)").matches;
  const shown = (element) => element && element.getClientRects().length > 0;

  // Bring something into sight by moving its pane alone: the page itself stays where it is.
  const reveal = (element) => {
    const pane = element.closest(".pane");
    if (!pane || pane.scrollHeight <= pane.clientHeight || getComputedStyle(pane).overflowY === "visible") {
      element.scrollIntoView({ block: "nearest" });
      return;
    }
    const box = element.getBoundingClientRect();
    const head = pane.querySelector(".pane__head");
    const isStuck = head && getComputedStyle(head).position === "sticky";
    const top = pane.getBoundingClientRect().top + (isStuck ? head.offsetHeight : 0);
    const bottom = pane.getBoundingClientRect().bottom;
    if (box.top < top) pane.scrollTop -= top - box.top;
    else if (box.bottom > bottom) pane.scrollTop += Math.min(box.bottom - bottom, box.top - top);
  };
  const goTo = (element) => {
    if (!element) return;
    element.focus({ preventScroll: true });
    reveal(element.closest("[data-rows] > *") ?? element);
  };

  const report = () => document.getElementById("report");
  const slot = () => document.getElementById("step");
  const links = () => [...document.querySelectorAll("[data-rows] .item__title")];
  const linkOf = (number) => document.querySelector(`#row-${CSS.escape(number ?? "")} .item__title`);
  const say = (words) => {
    const said = document.querySelector("[data-said]");
    said.textContent = "";
    setTimeout(() => (said.textContent = words), 50);
  };

  // --- Off and on, as everybody likes (WCAG 2.1.4) ---------------------------------------------------------------

  const stored = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch {
      // a browser that keeps nothing: the switch holds for this page
    }
    return value;
  };
  const lettersWork = () => stored(KEPT) !== "off" && onSwitch().checked;
  const openKeys = () => {
    onSwitch().checked = lettersWork();
    keys().showModal();
  };
  document.addEventListener("change", (event) => {
    if (event.target === onSwitch()) stored(KEPT, event.target.checked ? "on" : "off");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keys-open]")) openKeys();
    if (event.target.closest?.("[data-keys-close]")) keys().close();
  });
  const showKeysButton = () => {
    for (const button of document.querySelectorAll("[data-keys-open]")) button.hidden = false;
  };

  // --- The report beside the list ----------------------------------------------------------------------------

  let opened = ""; // what is being fetched because somebody asked for it

  const select = (number) => {
    for (const row of document.querySelectorAll("[data-rows] > *")) {
      const isIt = row.dataset.number === number;
      row.classList.toggle("trow--selected", isIt);
      const link = row.querySelector(".item__title");
      if (isIt) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const open = (link) => {
    if (!link) return;
    reveal(link.closest("li") ?? link);
    link.click();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-rows] .item__title");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) opened = link.closest("li").dataset.number;
  });

  document.addEventListener("htmx:after:swap", () => {
    showKeysButton();
    const number = report()?.dataset.number;
    if (number) select(number);
    if (opened && number === opened) {
      opened = "";
      document.querySelector("[data-report]").scrollTop = 0;
      if (!isWide()) scrollTo(0, 0);
      document.getElementById("report-title").focus({ preventScroll: isWide() });
    }
    const step = slot();
    const field = step?.querySelector("form") && !step.contains(document.activeElement) ? firstField(step) : null;
    if (field && step.dataset.asked) {
      delete step.dataset.asked;
      field.focus({ preventScroll: true });
      reveal(step);
    }
  });

  const firstField = (part) =>
    part.querySelector(".errors, [aria-invalid=true]") ??
    part.querySelector("input:checked") ??
    part.querySelector("textarea, select, input:not([type=hidden]), button");

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[hx-target='#step']")) {
      slot().dataset.asked = "yes";
      event.target.closest("details.menu")?.removeAttribute("open");
    }
    if (event.target.closest?.("[data-step-cancel]")) {
      event.preventDefault();
      leaveStep();
    }
  });

  const leaveStep = () => {
    slot().replaceChildren();
    goTo(document.getElementById("report-title"));
  };

  const backToList = () => {
    const number = report()?.dataset.number;
    const link = linkOf(number) ?? links()[0];
    if (isWide() || !number) {
      goTo(link);
      return;
    }
    location.assign(report().dataset.listAddress);
  };

  // --- Moving ----------------------------------------------------------------------------------------------------

  const neighbour = (from, by) => {
    const all = links();
    const place = all.indexOf(from);
    if (place < 0) return all[by > 0 ? 0 : all.length - 1];
    return all[Math.min(Math.max(place + by, 0), all.length - 1)];
  };

  const move = (by) => {
    const active = document.activeElement;
    const inList = active.closest("[data-rows] > *");
    if (inList) {
      goTo(neighbour(inList.querySelector(".item__title"), by));
      return;
    }
    const number = report()?.dataset.number;
    if (active.closest("#report") && number) {
      // Reading on: the next report, and the focus stays in the pane.
      const here = linkOf(number);
      if (here) {
        const next = neighbour(here, by);
        if (next !== here) open(next);
        else say(next.textContent);
        return;
      }
      const onward = new URLSearchParams(report().dataset.onward.split("?")[1]).get("ticket");
      open(linkOf(onward) ?? links()[0]);
      return;
    }
    goTo(linkOf(number) ?? links()[0]);
  };

  // --- Keys ------------------------------------------------------------------------------------------------------

  const isWriting = (element) =>
    element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");

  const pressed = (key) => {
    // A step that has no button here is not possible here; a view has a link beside the list and one above it.
    const found = [...document.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(key)}"]`)];
    const element = found.find(shown) ?? found.find((one) => one.closest("details.menu"));
    if (!element) return false;
    if (element.matches("input")) element.focus();
    else if (element.matches("[href='#comment']")) goTo(document.querySelector("#comment textarea"));
    else element.click();
    element.closest("details.menu")?.removeAttribute("open");
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { key, target } = event;
    if (key === "Escape") {
      if (keys().open || target.closest("details.menu[open]")) return;
      if (slot()?.contains(target)) leaveStep();
      else if (target === document.body || target.closest("#report") || target.matches("#q")) backToList();
      else return;
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(target)) return;
    if ((key === "ArrowDown" || key === "ArrowUp") && target.closest("[data-list]")) {
      move(key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      return;
    }
    if (!lettersWork()) return;
    let isTaken = true;
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "o") open(document.activeElement.closest("[data-rows] > *")?.querySelector(".item__title"));
    else if (key === "?") openKeys();
    else isTaken = /^[a-z1-9/]$/.test(key) && pressed(key);
    if (isTaken) event.preventDefault();
  });

  // --- Coming and going --------------------------------------------------------------------------------------------

  // The list stands where it stood, also after a step that led through another page.
  addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(SCROLLED, JSON.stringify([location.search.replace(/&?ticket=[^&]*/, ""), list().scrollTop]));
    } catch {
      // then it begins at the top
    }
  });
  showKeysButton();
  try {
    const [search, top] = JSON.parse(sessionStorage.getItem(SCROLLED) ?? "[]");
    if (search === location.search.replace(/&?ticket=[^&]*/, "")) list().scrollTop = top;
  } catch {
    // nothing was kept
  }
  const number = report()?.dataset.number;
  if (number) {
    const row = linkOf(number)?.closest("li");
    if (row) reveal(row);
    document.getElementById("report-title").focus({ preventScroll: true });
  } else if (isWide() && links().length && !document.querySelector(".errors")) {
    // Beside a list there is room for a report: the first one, without taking anybody there.
    window.htmx?.ajax("GET", links()[0].href, { target: "#report", swap: "outerHTML" });
  }
  const done = document.querySelector("#messages")?.textContent.trim();
  if (done) say(done);
})();
