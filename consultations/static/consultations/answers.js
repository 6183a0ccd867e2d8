// Questions answered by the keyboard: y, n, or Delete for "not asked"; the focus moves on by itself.
// "No to all the rest" answers what is still open in its part of the form, where "no" is nothing
// remarkable; the others stand beside the button.

const KEYS = { y: ["true"], n: ["false", "never", "none"], Delete: ["unknown", ""], Backspace: ["unknown", ""] };

const groups = (root) => [...root.querySelectorAll(".segments")].filter((one) => one.offsetParent);
const chosen = (group) => group.querySelector("input:checked")?.value ?? "";
const isOpen = (group) => ["", "unknown"].includes(chosen(group));

function choose(group, values) {
  const input = [...group.querySelectorAll("input:not(:disabled)")].find((one) => values.includes(one.value));
  if (!input) return false;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function goOn(group) {
  const all = groups(group.closest("form"));
  const next = all[all.indexOf(group) + 1];
  (next?.querySelector("input:checked") ?? next?.querySelector("input"))?.focus();
}

// A list has no button for "no": its key and "No to all the rest" pick its own word for it.
function pick(list, value) {
  list.value = value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-question] select");
  const no = list?.closest("[data-question]").dataset.question;
  if (no && event.key.toLowerCase() === "n" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    pick(list, no);
    return;
  }
  const group = event.target.closest?.(".segments");
  const values = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!group || !values || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (choose(group, values)) goOn(group);
});

// What the rules ask: chosen, picked or typed.
const questions = (part) => [...part.querySelectorAll("[data-question]")].filter((one) => !one.closest(".empty-form"));

function isAnswered(question) {
  const group = question.querySelector(".segments");
  return group ? !isOpen(group) : Boolean(question.querySelector("input, select, textarea")?.value);
}

function count(part) {
  const place = part.querySelector("[data-answered]");
  if (!place) return;
  const all = questions(part);
  place.textContent = place.dataset.answered.replace("%s", all.filter(isAnswered).length).replace("%t", all.length);
}

// On the document, because cards are added while one types.
document.addEventListener("click", (event) => {
  const part = event.target.closest("[data-no-to-rest]")?.closest("[data-questions]");
  for (const question of part ? questions(part) : []) {
    const [group, list] = [question.querySelector(".segments"), question.querySelector("select")];
    const no = question.dataset.question;
    if (no && group && isOpen(group)) choose(group, [no]);
    if (no && list && !list.value && !list.disabled) pick(list, no);
  }
});
const countAll = () => document.querySelectorAll("[data-questions]").forEach(count);
for (const kind of ["input", "change"]) document.addEventListener(kind, countAll);

for (const row of document.querySelectorAll(".no-to-rest")) row.hidden = false;
countAll();
