// A visit: marks what differs from last time, answers "nothing changed" on request, folds areas that
// are not treated, and shows what readiness says about what is typed so far.

const QUIET_MS = 400;
const form = document.getElementById("visit_form");

const boxes = (root) => [...root.querySelectorAll("[data-last]")];

function valueOf(box) {
  const field = box.querySelector("input[type=radio]:checked") ?? box.querySelector("input:not([type=radio]), select, textarea");
  return field?.value === "unknown" ? "" : (field?.value ?? "");
}

const same = (one, other) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));

function mark(box) {
  const now = valueOf(box);
  const changed = now !== "" && !same(now, box.dataset.last);
  box.classList.toggle("is-changed", changed);
  box.querySelector(".changed")?.toggleAttribute("hidden", !changed);
}

// With nothing left to answer, it is no longer the first thing to press.
function calm(button) {
  const open = boxes(form).some((box) => box.dataset.last && valueOf(box) === "");
  button.classList.toggle("button-quiet", !open);
}

// Only what is still open is answered as last time; what was typed stays.
function sameAsLast(root) {
  for (const box of boxes(root)) {
    if (valueOf(box) !== "") continue;
    const radio = [...box.querySelectorAll("input[type=radio]")].find((one) => one.value === box.dataset.last);
    const field = radio ?? box.querySelector("input:not([type=radio]), select, textarea");
    if (!field) continue;
    if (radio) radio.checked = true;
    else field.value = box.dataset.last;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function fold(card) {
  const include = card.querySelector(".include input");
  card.classList.toggle("is-left-out", !include.checked);
}

let timer, asking;

async function check() {
  asking?.abort();
  asking = new AbortController();
  let found;
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), signal: asking.signal });
    if (!answer.ok || answer.redirected) throw new Error("refused");
    found = await answer.json();
  } catch (trouble) {
    if (trouble.name === "AbortError") return;
    // What was found before is no longer true of what is typed; asked again with the next key.
    for (const place of form.querySelectorAll("[data-live-findings]")) place.textContent = form.dataset.unchecked;
    return;
  }
  for (const card of form.querySelectorAll("[data-area]")) show(card, found[card.dataset.area]);
}

function show(card, found) {
  const place = card.querySelector("[data-live-findings]");
  if (place.innerHTML !== (found?.html ?? "")) place.innerHTML = found?.html ?? "";
  for (const slot of card.querySelectorAll("[data-live-for]")) {
    slot.textContent = found?.fields[slot.dataset.liveFor] ?? "";
  }
  const override = card.querySelector("[data-override]");
  override.hidden = !found?.can_override && !override.querySelector("textarea")?.value && !override.querySelector(".errorlist");
  if (found?.can_override && override.querySelector("textarea")) override.open = true;
}

if (form) {
  form.querySelectorAll("[data-area]").forEach(fold);
  boxes(form).forEach(mark);
  for (const button of form.querySelectorAll("[data-same-as-last]")) {
    button.hidden = false;
    calm(button);
    button.addEventListener("click", () => {
      sameAsLast(button.closest("[data-questions]"));
      for (const part of form.querySelectorAll("[data-area] [data-questions]")) sameAsLast(part);
    });
  }
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      form.querySelectorAll("[data-area]").forEach(fold);
      boxes(form).forEach(mark);
      form.querySelectorAll("[data-same-as-last]").forEach(calm);
      clearTimeout(timer);
      timer = setTimeout(check, QUIET_MS);
    });
  }
  check();
}
