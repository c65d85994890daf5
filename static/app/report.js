// Says what is about to be sent, above the button. The form works without it.
(() => {
  "use strict";
  const form = document.getElementById("report");
  const summary = form?.querySelector("[data-summary]");
  if (!summary) return;

  const chosen = (name) => {
    const input = form.querySelector(`input[name="${name}"]:checked`);
    if (!input) return "";
    if (name === "room" && input.value === "other") {
      const list = form.elements.other_room;
      const listed = list?.value ? list.selectedOptions[0].textContent.trim() : "";
      return listed || form.elements.place.value.trim();
    }
    return form.querySelector(`label[for="${input.id}"] span`).textContent.trim();
  };

  const tell = () => {
    summary.textContent = [chosen("category"), chosen("room")].filter(Boolean).join(" · ");
    summary.hidden = !summary.textContent;
  };

  form.addEventListener("input", tell);
  tell();
})();
