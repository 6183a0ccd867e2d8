// What paper needs and style sheets cannot do: answers are written out, as a field is cut where it is
// longer than a sheet; and it is said when the page was printed.

const UNTYPED = ["hidden", "checkbox", "radio", "file", "password", "submit", "button", "range"];

function answered(field) {
  if (UNTYPED.includes(field.type)) return "";
  if (!(field instanceof HTMLSelectElement)) return field.value;
  return [...field.selectedOptions].map((one) => one.text.replace(/^-+$/, "–")).join(", ");
}

function writeOut() {
  strike();
  for (const field of document.querySelectorAll("main :is(textarea, select, input)")) {
    const words = answered(field);
    if (!words) continue;
    const answer = document.createElement("p");
    answer.className = "on-paper on-paper-answer";
    answer.textContent = words;
    field.after(answer);
  }
  for (const slot of document.querySelectorAll("[data-printed-in]")) {
    slot.textContent = "";
    const printedAt = now(slot.dataset.printedIn);
    if (!slot.parentElement.textContent.includes(printedAt)) slot.textContent = printedAt;
  }
}

// As the page itself writes it: 30 Nov 2026 14:05.
function now(timeZone) {
  const style = { dateStyle: "medium", timeStyle: "short", timeZone };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format().replace(", ", " ");
}

function strike() {
  for (const answer of document.querySelectorAll(".on-paper-answer")) answer.remove();
}

addEventListener("beforeprint", writeOut);
addEventListener("afterprint", strike);
