// Days and times: says in words which day was understood, writes it so once the field is left, and
// offers the browser's calendar. It reads as models/days.py does, which reads again what is posted.

const FILLING = ["st", "nd", "rd", "th", "of"];
const FURTHEST_YEARS = 10;
const LONGEST = 40;
const DAY = /^[\p{L}\p{N}_\s./,-]+$/u;
const PARTS = /\p{L}+|\p{Nd}+/gu;
const TIME = /^(\d{1,2})(?:[:.\s]?([0-5]\d))?\s*(?:(a|p)\.?m\.?)?$/;

const list = (place, name) => place.dataset[name].split(" ");
const indexIn = (names, part) => names.findIndex((name) => part.startsWith(name.toLowerCase()));
const isNumber = (part) => /^\d{1,4}$/.test(part ?? "");

// Days are kept at noon UTC, where no clock is ever changed.
function dayOf(year, month, day) {
  const found = new Date(Date.UTC(year, month - 1, day, 12));
  found.setUTCFullYear(year);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? found : null;
}

export function read(text, place) {
  const today = dayOf(...place.dataset.today.split("-").map(Number));
  if (text.length > LONGEST || !DAY.test(text)) return null;
  const months = list(place, "months");
  let parts = (text.toLowerCase().match(PARTS) ?? []).filter((part) => !FILLING.includes(part));
  if (parts.length && indexIn(list(place, "weekdays"), parts[0]) >= 0) parts = parts.slice(1);
  if (parts.length === 1) {
    const ahead = [0, -1, 1][list(place, "relative").indexOf(parts[0])];
    if (ahead !== undefined) return new Date(today.getTime() + ahead * 864e5);
    const digits = /^(\d\d)(\d\d)(\d\d|\d{4})$/.exec(parts[0]);
    if (digits) parts = digits.slice(1);
  }
  if (parts.length !== 2 && parts.length !== 3) return null;
  let [day, month, year] = parts;
  if (/^\d{4}$/.test(day) && year) [day, year] = [year, day];
  else if (indexIn(months, day) >= 0) [day, month] = [month, day];
  const named = indexIn(months, month);
  if (!isNumber(day) || (named < 0 && !isNumber(month))) return null;
  return inYear(year, named < 0 ? Number(month) : named + 1, Number(day), today, "far" in place.dataset);
}

function inYear(year, month, day, today, isFar) {
  const current = today.getUTCFullYear();
  if (year === undefined) {
    const all = [current, current - 1, current + 1].map((one) => dayOf(one, month, day)).filter(Boolean);
    return isFar ? null : (all.sort((one, other) => Math.abs(one - today) - Math.abs(other - today))[0] ?? null);
  }
  if (!isNumber(year)) return null;
  if (year.length === 4) return dayOf(Number(year), month, day);
  const whole = Math.floor(current / 100) * 100 + Number(year);
  if (year.length !== 2 || isFar || Math.abs(whole - current) > FURTHEST_YEARS) return null;
  return dayOf(whole, month, day);
}

function inWords(day, place) {
  const month = list(place, "months")[day.getUTCMonth()];
  const words = `${day.getUTCDate()} ${month} ${day.getUTCFullYear()}`;
  const weekday = list(place, "weekdays")[(day.getUTCDay() + 6) % 7];
  return "far" in place.dataset ? words : `${weekday} ${words}`;
}

// While one types the day stands in words beside the field; left, the field itself holds them.
function echo(field) {
  const place = field.closest(".day");
  const day = read(field.value, place);
  const words = day ? inWords(day, place) : "";
  place.querySelector(".day-read").textContent = words === field.value ? "" : words;
}

// What cannot be a birth stays as it was typed, beside the message about it.
function mayBe(day, { dataset }) {
  const text = day.toISOString().slice(0, 10);
  return !("far" in dataset) || (text >= "1900-01-01" && text <= dataset.today);
}

function settle(field) {
  const place = field.closest(".day");
  const day = read(field.value, place);
  if (day && mayBe(day, place)) write(field, inWords(day, place));
}

function settleTime(field) {
  const found = TIME.exec(field.value.trim().toLowerCase());
  if (!found) return;
  let hours = Number(found[1]);
  if (found[3] && hours >= 1 && hours <= 12) hours = (hours % 12) + (found[3] === "p" ? 12 : 0);
  if (hours < 24) write(field, `${String(hours).padStart(2, "0")}:${found[2] ?? "00"}`);
}

function write(field, text) {
  if (field.value === text) return;
  field.value = text;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

function openCalendar(place) {
  const field = place.querySelector("[data-day]");
  const native = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
  native.setAttribute("aria-hidden", "true");
  native.className = "day-native";
  const day = read(field.value, place);
  if (day) native.value = day.toISOString().slice(0, 10);
  place.querySelector(".day-native")?.remove();
  place.append(native);
  native.addEventListener("change", () => {
    if (native.valueAsDate) write(field, inWords(dayOf(...native.value.split("-").map(Number)), place));
    field.focus();
  });
  native.showPicker();
}

// The buttons of cards that are added later, too.
document.documentElement.classList.toggle("has-calendar", "showPicker" in HTMLInputElement.prototype);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-calendar]");
  if (button) openCalendar(button.closest(".day"));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-day]")) return;
  if (event.altKey && event.key === "ArrowDown") {
    event.preventDefault();
    openCalendar(event.target.closest(".day"));
  }
  // Enter sends the form as it is then.
  if (event.key === "Enter") settle(event.target);
});
document.addEventListener("input", (event) => event.target.matches?.("[data-day]") && echo(event.target));
document.addEventListener("focusin", (event) => event.target.matches?.("[data-day]") && event.target.select());
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-day]")) settle(event.target);
  if (event.target.matches?.("[data-time]")) settleTime(event.target);
});
