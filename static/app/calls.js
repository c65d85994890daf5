// A call by keyboard alone: pick by arrow and Enter, jump to a kind of fault by its first letter, send by Ctrl and Enter.
// The page works without it.
(() => {
  "use strict";

  const NEXT = document.querySelector("[data-next-call]");
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyN") return;
    event.preventDefault();
    window.location.assign(NEXT?.href ?? "/calls/");
  });

  const page = document.getElementById("calls");
  if (!page) return;
  const form = document.getElementById("call");
  const plain = (text) => text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  // The list of matches belongs to the field above it (WAI-ARIA: combobox with a listbox).
  let hurried = false; // Enter came before the matches did
  let left = false; // Escape left the matches; what still arrives for the same words is not wanted
  let moved = null; // the match an arrow went to; it stays chosen when the list is drawn again

  const fieldOf = (element) => element.closest("[data-pick]")?.querySelector("input");
  const options = () => [...page.querySelectorAll("#found-list [role=option]")];
  const chosen = () => options().find((option) => option.ariaSelected === "true");

  const choose = (field, option) => {
    for (const other of options()) other.ariaSelected = String(other === option);
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const close = (field) => {
    page.querySelector("#found").replaceChildren();
    field.setAttribute("aria-expanded", "false");
    choose(field, null);
  };

  const prepare = () => {
    const field = page.querySelector("[data-pick] input");
    if (!field) return;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "found");
    field.setAttribute("aria-expanded", "false");
  };

  // Of the first field the best match is meant; a caller's name may be just a name, unless all of it is somebody's.
  const meant = (field) => {
    const all = options();
    if (field.closest("[data-pick=first]")) return all[0];
    const named = all.filter((option) => plain(option.querySelector("strong").textContent) === plain(field.value));
    return named.length === 1 ? named[0] : null;
  };

  const isFresh = (field) => page.querySelector("#found-list")?.dataset.typed === field.value;

  const shown = (field) => {
    if (left) return close(field);
    const fresh = isFresh(field);
    field.setAttribute("aria-expanded", String(options().length > 0));
    choose(field, options().find((option) => option.getAttribute("hx-get") === moved) ?? (fresh ? meant(field) : null));
    if (hurried && fresh) {
      hurried = false;
      chosen()?.click();
    }
  };

  const typed = (event, field) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(field, all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
      moved = chosen().getAttribute("hx-get");
    } else if (event.key === "Escape" && all.length) {
      event.preventDefault();
      left = true;
      close(field);
    } else if (event.key === "Tab" && !event.shiftKey && at >= 0 && isFresh(field)) {
      event.preventDefault();
      all[at].click();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const first = field.closest("[data-pick=first]");
      if (!first && at < 0) return;
      event.preventDefault();
      if (isFresh(field)) chosen()?.click();
      else hurried = Boolean(field.value.trim());
    }
  };

  // A letter jumps to the next kind of fault that begins with it, as in a list.
  const jump = (event) => {
    if (event.key.length !== 1 || event.key === " " || event.altKey || event.ctrlKey || event.metaKey) return;
    const kinds = [...form.querySelectorAll("input[name=category]")];
    const from = kinds.indexOf(event.target) + 1;
    const begins = (kind) => plain(kind.labels[0].textContent).startsWith(plain(event.key));
    const next = [...kinds.slice(from), ...kinds.slice(0, from)].find(begins);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };

  page.addEventListener("keydown", (event) => {
    const field = event.target.matches?.("[data-pick] input") ? event.target : null;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      const solved = event.target.closest?.("#call-solved [name]") && form.querySelector("[value=solved]");
      form.requestSubmit(solved || form.querySelector("[data-send]"));
    } else if (field) {
      typed(event, field);
    } else if (event.target.matches?.("input[name=category]")) {
      jump(event);
    }
  });

  page.addEventListener("input", (event) => {
    if (!event.target.matches("[data-pick] input")) return;
    hurried = left = false;
    moved = null;
  });

  // What was picked decides where one goes on: to the name, or straight to the fault.
  page.addEventListener("htmx:after:swap", (event) => {
    event.stopPropagation(); // nothing here takes whoever types to the errors of the page
    const target = event.detail?.ctx?.target;
    if (target?.id === "found") {
      const field = fieldOf(target);
      if (field) shown(field);
    } else if (target?.id === "call-who") {
      prepare();
      const kind = form.querySelector("input[name=category]:checked, input[name=category]");
      (page.querySelector("[data-pick] input") ?? kind)?.focus();
    }
  });

  // Words that were typed do not vanish by a wrong key; the browser asks before it leaves them.
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  window.addEventListener("pageshow", () => (sent = false));
  window.addEventListener("beforeunload", (event) => {
    const words = ["description", "solution"].some((name) => form.elements[name].value.trim());
    if (words && !sent) event.preventDefault();
  });

  prepare();
  if (!form.querySelector(".errors")) page.querySelector("[data-pick] input")?.focus();
})();
