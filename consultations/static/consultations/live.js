// Sends what is typed so far and shows what the rules say about it, without saving anything.

const QUIET_MS = 350;

function keepLive(place) {
  const form = place.closest("form");
  const status = form.querySelector("[data-live-status]");
  let timer, asking, last;

  async function ask() {
    const body = new FormData(form);
    for (const name of ["_save", "_sign"]) body.delete(name);
    const text = new URLSearchParams(body).toString();
    if (text === last) return;
    last = text;
    asking?.abort();
    asking = new AbortController();
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(place.dataset.live, { method: "POST", body, signal: asking.signal });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch (trouble) {
      if (trouble.name === "AbortError") return;
      last = undefined; // no network: asked again with the next key
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
}

document.querySelectorAll("[data-live]").forEach(keepLive);
