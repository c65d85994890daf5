// Text modules below a text box: fetched when their list opens, put in where the cursor stands. Without this script the
// buttons of the form do the same by way of the server.
(() => {
  "use strict";

  const SLOW = 300; // milliseconds; below, saying that something loads would only flicker

  const parts = (node) => {
    const root = node.closest("[data-texts]");
    return {
      root,
      box: document.getElementById(root.dataset.box),
      more: root.querySelector("details"),
      list: root.querySelector("[data-texts-list]"),
      told: root.querySelector("[data-told]"),
    };
  };

  const load = async ({ root, list, told }) => {
    const slow = setTimeout(() => list.setAttribute("aria-busy", "true"), SLOW);
    told.textContent = "";
    try {
      const answer = await fetch(root.dataset.source, { headers: { Accept: "text/html" } });
      // A session that has ended leads to the page of signing in, which is no list.
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
    } catch {
      list.replaceChildren();
      told.textContent = root.dataset.failed;
    } finally {
      clearTimeout(slow);
      list.removeAttribute("aria-busy");
    }
  };

  // Somebody who has not been in the box yet goes on below what stands there.
  const touched = new WeakSet();
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLTextAreaElement) touched.add(target);
  });

  const place = (box) =>
    touched.has(box) ? [box.selectionStart, box.selectionEnd] : [box.value.length, box.value.length];

  const put = (box, from, to, words) => {
    box.focus();
    box.setSelectionRange(from, to);
    // The old command is the only one that can be undone with the keys; it sends the input event as well.
    if (!document.execCommand("insertText", false, words)) {
      box.setRangeText(words, from, to, "end");
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  };

  const insert = (choice) => {
    const { root, box, more, told } = parts(choice);
    const words = choice.querySelector("[data-words]").textContent;
    const [from, to] = place(box);
    const before = box.value.slice(0, from);
    const atTheEnd = box.value.slice(to).trim() === "";
    let space = "";
    if (before.trim()) {
      if (atTheEnd) space = "\n".repeat(2 - Math.min(2, before.length - before.replace(/\n+$/, "").length));
      else if (!/\s$/.test(before)) space = " ";
    }
    more.open = false;
    put(box, from, to, space + words);
    const gap = words.indexOf("…");
    if (gap >= 0) {
      const start = from + space.length + gap;
      box.setSelectionRange(start, start + 1);
    }
    told.textContent = gap >= 0 ? root.dataset.gaps : root.dataset.inserted;
  };

  const filter = (field) => {
    const { root, list, told } = parts(field);
    const wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of list.querySelectorAll("li")) {
      const words = row.textContent.toLocaleLowerCase();
      row.hidden = !wanted.every((word) => words.includes(word));
      if (!row.hidden) found += 1;
    }
    told.textContent = `${root.dataset.found} ${found}`;
  };

  const shown = (list) => [...list.querySelectorAll("li:not([hidden]) [data-insert]")];

  // Braces are hard to find on the keyboard of a tablet: a tap on a word puts it into the text.
  for (const list of document.querySelectorAll("[data-placeholders]")) {
    const box = document.getElementById(list.dataset.placeholders);
    for (const word of list.querySelectorAll("dt")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "texts__word";
      button.textContent = word.textContent;
      button.addEventListener("click", () => put(box, ...place(box), button.textContent));
      word.replaceChildren(button);
    }
  }

  // "toggle" does not bubble, but it can be caught on its way down.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.matches?.("[data-texts] > details") && target.open) load(parts(target));
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-texts] [data-insert]");
    if (choice) insert(choice);
  });

  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-texts] [data-filter]")) filter(target);
  });

  document.addEventListener("keydown", (event) => {
    const here = event.target.closest?.("[data-texts] > details[open]");
    if (!here) return;
    const { list, more } = parts(here);
    const choices = shown(list);
    const at = choices.indexOf(document.activeElement);
    if (event.key === "Escape") {
      more.open = false;
      more.querySelector("summary").focus();
    } else if (event.key === "Enter" && event.target.matches("[data-filter]")) {
      // Enter in a field would send the whole form.
      if (choices.length === 1) insert(choices[0]);
      else choices[0]?.focus();
    } else if (event.key === "ArrowDown" && !event.target.matches("summary")) {
      choices[Math.min(at + 1, choices.length - 1)]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (choices[at - 1] ?? list.querySelector("[data-filter]")).focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
})();
