// What paper needs and style sheets cannot do: answers written out, as fields are cut at the edge of
// a sheet and show days in the order of the browser's language; and when it was printed.

const FIELDS = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=password], [type=submit], [type=button], [type=range])";

const DAYS = { date: { dateStyle: "medium" }, "datetime-local": { dateStyle: "medium", timeStyle: "short" } };

function told(field) {
  if (field instanceof HTMLSelectElement) {
    return [...field.selectedOptions].map((one) => one.text.replace(/^-+$/, "–")).join(", ");
  }
  return field.value && inWords(field);
}

function inWords(field) {
  const style = DAYS[field.type];
  if (!style) return field.value;
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(field.value));
}

function writeOut() {
  strike();
  for (const field of document.querySelectorAll(`main :is(${FIELDS})`)) {
    const words = told(field);
    if (!words) continue;
    const answer = document.createElement("p");
    answer.className = "on-paper on-paper-answer";
    answer.textContent = words;
    field.after(answer);
  }
  for (const slot of document.querySelectorAll("[data-printed-in]")) {
    const style = { dateStyle: "medium", timeStyle: "short", timeZone: slot.dataset.printedIn };
    slot.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date());
  }
}

function strike() {
  for (const answer of document.querySelectorAll(".on-paper-answer")) answer.remove();
}

addEventListener("beforeprint", writeOut);
addEventListener("afterprint", strike);
