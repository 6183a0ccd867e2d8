// Sends what is typed so far and shows what the rules say about it, without saving anything.

const QUIET_MS = 350;

function keepLive(place) {
  const form = place.closest("form");
  const status = form.querySelector("[data-live-status]");
  let timer, asking, last;

  async function ask() {
    const body = new FormData(form);
    const text = new URLSearchParams(body).toString();
    if (text === last) return;
    last = text;
    asking?.abort();
    asking = new AbortController();
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(place.dataset.live, { method: "POST", body, signal: asking.signal });
      if (!answer.ok || answer.redirected) throw new Error("refused");
      show(await answer.text());
    } catch (trouble) {
      if (trouble.name === "AbortError") return;
      // What stands there is no longer the verdict on what is typed; asked again with the next key.
      last = undefined;
      place.textContent = place.dataset.liveUnchecked;
    }
    place.removeAttribute("aria-busy");
  }

  function show(html) {
    const before = place.textContent.replace(/\s+/g, " ");
    const open = [...place.querySelectorAll("details")].map((one) => one.open);
    place.innerHTML = html;
    place.querySelectorAll("details").forEach((one, number) => (one.open = open[number] ?? false));
    if (place.textContent.replace(/\s+/g, " ") !== before) status.textContent = place.dataset.liveWords;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, QUIET_MS);
  }

  for (const kind of ["input", "change", "click"]) form.addEventListener(kind, later);
  if ("unsaved" in form.dataset) later();
}

document.querySelectorAll("[data-live]").forEach(keepLive);
