// Photos one after the other, each shown before it is sent, and no second sending by a second press.
// The forms work without it.
(() => {
  "use strict";

  const RELEASED_AFTER = 20_000; // milliseconds; whoever stopped the page from loading may send again

  const same = (one, other) =>
    one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  const collect = (upload) => {
    const input = upload.querySelector("input");
    const list = upload.parentElement.querySelector("[data-chosen]");
    let chosen = [];

    const show = () => {
      const files = new DataTransfer();
      for (const file of chosen) files.items.add(file);
      input.files = files.files;
      list.replaceChildren(...chosen.map(shown));
    };

    const shown = (file) => {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
      picture.addEventListener("error", () => picture.remove()); // not every browser draws HEIC
      const name = document.createElement("span");
      name.className = "photos__name";
      name.textContent = file.name;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "kern-btn kern-btn--tertiary photos__drop";
      const label = document.createElement("span");
      label.className = "kern-label";
      label.textContent = upload.dataset.drop;
      button.append(label);
      button.setAttribute("aria-label", `${upload.dataset.drop}: ${file.name}`);
      button.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        show();
        input.focus();
      });
      const entry = document.createElement("li");
      entry.append(picture, name, button);
      return entry;
    };

    // A second look into the camera adds to what is there instead of replacing it.
    input.addEventListener("change", () => {
      for (const file of input.files) {
        if (!chosen.some((other) => same(other, file))) chosen.push(file);
      }
      show();
    });
  };

  const release = (form) => {
    delete form.dataset.sent;
    const button = form.querySelector("[aria-disabled]");
    button?.removeAttribute("aria-disabled");
    const label = button?.querySelector("[data-before]");
    if (label) label.textContent = label.dataset.before;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter ?? form.querySelector("button:not([type]), [type=submit]");
    button?.setAttribute("aria-disabled", "true");
    const label = button?.querySelector(".kern-label");
    if (label && form.dataset.sending) {
      label.dataset.before = label.textContent;
      label.textContent = form.dataset.sending;
    }
    setTimeout(release, RELEASED_AFTER, form);
  });

  // What is written can be sent from where it was written.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = event.target.closest?.("form");
    if (form?.method !== "post") return;
    event.preventDefault();
    form.requestSubmit();
  });

  // Back from the next page, the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  document.querySelectorAll("[data-upload]").forEach(collect);
})();
