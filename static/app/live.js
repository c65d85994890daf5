// Pages that ask by themselves whether something is new. htmx asks and morphs; here is what must not happen meanwhile:
// nothing moves under a finger, no focus and no word is lost, and nobody is asked who cannot be seen.
(() => {
  "use strict";

  const RECENT = 25_000; // milliseconds; a little more than the time between two polls
  const OLD = 60_000;
  const line = document.querySelector("[data-live]");
  if (!line) return;

  let ended = false;
  let typed = 0; // when somebody last typed on this page
  let told = 0; // when the server last answered
  let leaving = 0; // when a form was sent that leads to another page

  const isLeaving = () => leaving && performance.now() - leaving < RECENT;
  const isPoll = (event) => event.detail?.ctx?.sourceElement === line;
  const ask = () => window.htmx.trigger(line, "live", {}, false);

  // --- How fresh the page is -----------------------------------------------------------------------------------

  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });

  const show = (state) => {
    for (const part of line.querySelectorAll("[data-live-is]")) part.hidden = part.dataset.liveIs !== state;
    line.dataset.live = state;
  };

  const heard = (response) => {
    told = performance.now();
    const at = new Date(response?.headers?.get("Date") ?? Date.now());
    const place = line.querySelector("[data-live-clock]");
    place.textContent = place.dataset.liveClock.replace("{time}", clock.format(at).replace(/^0/, ""));
    show("current");
  };

  const lost = () => {
    if (!ended) show("lost");
  };

  // --- Whether to ask ------------------------------------------------------------------------------------------

  document.addEventListener("htmx:config:request", (event) => {
    if (!isPoll(event)) return;
    // While a form is on its way its key and its button must stay what they are.
    if (ended || document.hidden || isLeaving()) {
      event.preventDefault();
      return;
    }
    if (typed && performance.now() - typed < RECENT) event.detail.ctx.request.body.set("typing", "1");
    if (told && performance.now() - told > OLD && line.dataset.live === "current") show("");
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || ended) return;
    if (performance.now() - told > 2000) ask();
  });
  window.addEventListener("online", ask);
  window.addEventListener("offline", lost);
  window.addEventListener("pageshow", (event) => {
    leaving = 0;
    if (event.persisted) ask();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("[hx-post], [hx-get]")) leaving = performance.now();
  });

  document.addEventListener("input", (event) => {
    if (!event.target.closest("main textarea, main [data-typing]")) return;
    const begins = !typed || performance.now() - typed > RECENT;
    typed = performance.now();
    if (begins && line.hasAttribute("hx-post")) ask();
  });

  // --- What came back ------------------------------------------------------------------------------------------

  document.addEventListener("htmx:before:response", (event) => {
    if (!isPoll(event)) return;
    const { status, raw } = event.detail.ctx.response;
    if (status === 200 || status === 204) heard(raw);
    else if ([401, 403, 404].includes(status)) {
      ended = true;
      show("ended");
    } else lost();
  });
  // A refusal that brings no sentence of its own, such as one of the forgery check after signing in elsewhere.
  document.addEventListener("htmx:after:request", (event) => {
    if (isPoll(event) && ended && !event.detail.ctx.text.includes('id="live"')) {
      line.querySelector("[data-live-reload]").hidden = false;
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (isPoll(event)) lost();
  });

  // --- Without moving anything ---------------------------------------------------------------------------------

  let before = null; // the state of the history
  const subjectNow = () => document.querySelector("#report-seen [name=ticket]")?.value;
  let subject = subjectNow(); // which report stands beside a list

  const inUse = (row) => row.matches(":focus-within, :hover, :active");

  // A row that has gone stays where it is for as long as somebody is at it.
  const keepRows = ({ target, fragment }) => {
    const rows = target.querySelector("[data-live-rows]");
    const coming = fragment.querySelector("[data-live-rows]");
    if (!rows || !coming) return;
    let before = null;
    for (const row of rows.children) {
      const same = coming.querySelector(`#${CSS.escape(row.id)}`);
      if (!same && inUse(row)) {
        const kept = row.cloneNode(true);
        kept.dataset.liveGone = "";
        if (before) before.after(kept);
        else coming.prepend(kept);
        before = kept;
      } else if (same) before = same;
    }
  };

  // Chips and the like keep to those that are there; others come with the next page.
  const keepToThose = ({ target, fragment }) => {
    const coming = fragment.querySelector("[data-live-steady]");
    if (!coming) return;
    for (const child of [...coming.children]) {
      if (child.id && !target.querySelector(`#${CSS.escape(child.id)}`)) child.remove();
    }
  };

  const forgetRows = () => {
    for (const row of document.querySelectorAll("[data-live-gone]")) if (!inUse(row)) row.remove();
  };
  document.addEventListener("focusout", () => setTimeout(forgetRows));
  document.addEventListener("pointerout", (event) => {
    if (event.target.closest?.("[data-live-gone]")) setTimeout(forgetRows);
  });

  const scrollerOf = (element) => {
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
      if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
    }
    return document.scrollingElement;
  };
  const isInSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  let held = []; // what somebody looks at, and where it stood; what they work in comes last and decides
  let active = null;
  let row = null;

  const hold = () => {
    active = document.activeElement === document.body ? null : document.activeElement;
    row = active?.closest("[data-live-rows] > *");
    const rows = [...document.querySelectorAll("[data-live-rows] > *")];
    const middle = document.elementFromPoint(innerWidth / 2, Math.min(innerHeight / 3, 240));
    const places = [middle?.closest("main [id]:not(.part)"), rows.find((one) => one.getBoundingClientRect().top > 120)];
    if (active && isInSight(active)) places.push(active);
    held = places.filter(Boolean).map((place) => [place, place.getBoundingClientRect().top]);
  };

  const settle = () => {
    if (active?.isConnected === false && row?.isConnected) {
      row.querySelector("a")?.focus({ preventScroll: true });
    }
    for (const [place, top] of held) {
      if (!place.isConnected) continue;
      const scroller = scrollerOf(place);
      const moved = place.getBoundingClientRect().top - top;
      // At its very beginning a page may grow downwards, unless somebody works further down.
      if (Math.abs(moved) >= 1 && (scroller.scrollTop > 0 || place === active)) scroller.scrollTop += moved;
    }
    held = [];
  };

  document.addEventListener("htmx:before:swap", (event) => {
    if (!isPoll(event)) return;
    if (isLeaving()) {
      event.preventDefault();
      return;
    }
    for (const task of event.detail.tasks) {
      if (!task.target?.querySelector) continue;
      keepRows(task);
      keepToThose(task);
    }
    before = history.state;
    hold();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (isPoll(event)) {
      settle();
      // htmx marks the page as one to fetch again on the way back; a page that only refreshed itself is none.
      if (!before?.htmx && history.state?.htmx) history.replaceState(before, "", location.href);
    } else if (subject !== subjectNow()) {
      subject = subjectNow();
      ask();
    }
  });
})();
