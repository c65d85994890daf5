// Returns what is smaller than a finger. Links inside a sentence are exempt (WCAG 2.5.8); the link of a row counts as
// its row, a tick together with its label; a mark on the map has the same link in the list below it.
(smallest) =>
  [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((element) => !element.matches(".skip, [readonly][tabindex='-1'], .sr, .prose a, .atlas__map a, p a:not(.tap, .help a, .bar__help a), dd a:not(.tap)"))
    .map((element) => {
      const whole = element.matches(".item__title") ? element.closest("li") : element.closest(".tick") ?? element;
      const { width, height } = whole.getBoundingClientRect();
      const words = (element.innerText || element.id || element.name || "").trim().slice(0, 30);
      return { width, height, line: `${element.tagName} ${words} ${Math.round(width)}x${Math.round(height)}` };
    })
    .filter(({ width, height }) => width && (width < smallest - 0.5 || height < smallest - 0.5))
    .map(({ line }) => line)
