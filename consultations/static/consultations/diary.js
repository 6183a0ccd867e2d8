// The diary by pointer and by key: from one appointment to the next, to a free time, and moving.
// Without it each column has its link "Book", and each appointment its page.

const ROW = 5;
const FAR = 6; // pixels, before a press becomes a drag
const grid = document.querySelector(".diary-grid");
const form = document.querySelector("form[data-move]");
const status = document.querySelector("[data-said]");

const number = (element, kind) => Number(new RegExp(`(?:^| )${kind}(\\d+)`).exec(element.className)?.[1] ?? 1);
const heads = [...grid.querySelectorAll(".head")];
const items = [...grid.querySelectorAll("li")];
const [top, rows, lines] = ["top", "rows", "lines"].map((name) => Number(grid.dataset[name]));
const step = lines / ROW;
const headOf = (column) => heads.find((head) => number(head, "c") === column);
const isGrid = () => getComputedStyle(grid).display === "grid";
const MOVED = "diary-moved";
const link = (item) => item.querySelector("a");
// A call moves on its own page.
const moves = (item) => item && form && !item.matches(".cal");

function clock(row) {
  const minute = top + (row - 1) * ROW;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

// From one to the next: up and down in a column, left and right to the nearest time.

function next(item, key) {
  const [column, row] = [number(item, "c"), number(item, "r")];
  if (key === "ArrowUp" || key === "ArrowDown") {
    const own = items.filter((one) => number(one, "c") === column);
    return own[own.indexOf(item) + (key === "ArrowDown" ? 1 : -1)];
  }
  const way = (key === "ArrowRight") === (document.dir !== "rtl") ? 1 : -1;
  for (let other = column + way; other >= 1 && other <= heads.length; other += way) {
    const there = items.filter((one) => number(one, "c") === other);
    const far = (one) => Math.abs(number(one, "r") - row);
    if (there.length) return there.reduce((best, one) => (far(one) < far(best) ? one : best));
  }
  return undefined;
}

// A frame that goes over the grid until its time is chosen.

let frame = null;

function place(column, row) {
  frame.column = Math.min(Math.max(column, 1), heads.length);
  frame.row = Math.min(Math.max(row, 1), Math.max(rows - frame.rows + 1, 1));
  frame.box.className = `ghost c${frame.column} r${frame.row} n${frame.rows}`;
  frame.box.textContent = clock(frame.row);
}

function say() {
  const name = headOf(frame.column).querySelector("bdi").textContent;
  const words = frame.item ? status.dataset.moving : status.dataset.booking;
  const who = frame.item?.querySelector("b").textContent.replace(/^\S+ /, "") ?? "";
  status.textContent = words.replace("%name", who).replace("%time", clock(frame.row)).replace("%column", name);
}

function begin(item, { column, row, length, back }) {
  frame = { item, rows: length, back, box: document.createElement("div") };
  grid.append(frame.box);
  item?.classList.add("is-moving");
  place(column, row);
}

function leave() {
  frame.box.remove();
  frame.item?.classList.remove("is-moving");
  const { item, back } = frame;
  frame = null;
  if (item) status.textContent = status.dataset.left;
  back?.focus();
}

function choose() {
  const { item, column, row } = frame;
  if (!item) {
    const url = bookUrl(column, row);
    if (url) location.assign(url);
    else leave();
    return;
  }
  if (column === number(item, "c") && row === number(item, "r")) {
    leave();
    return;
  }
  const head = headOf(column);
  const fields = {
    appointment: /(\d+)\/change/.exec(link(item).getAttribute("href"))[1],
    version: item.dataset.v ?? "1",
    starts: `${head.dataset.day ?? grid.dataset.day}T${clock(row)}`,
    column: grid.dataset.by,
    key: head.dataset.key,
  };
  sessionStorage.setItem(MOVED, fields.appointment);
  for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.submit();
}

function bookUrl(column, row) {
  const book = headOf(column)?.querySelector(".book");
  return book && `${book.getAttribute("href")}&time=${encodeURIComponent(clock(row))}`;
}

function steer(key) {
  const aside = (document.dir === "rtl" ? -1 : 1) * { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 0, ArrowDown: 0 }[key];
  const down = { ArrowUp: -step, ArrowDown: step }[key] ?? 0;
  place(frame.column + aside, frame.row + down);
  frame.box.scrollIntoView({ block: "nearest", inline: "nearest" });
  say();
}

// By key

function startMoving(item) {
  begin(item, { column: number(item, "c"), row: number(item, "r"), length: number(item, "n"), back: link(item) });
  say();
}

function startBooking(target) {
  const column = number(target.closest("li, .head"), "c");
  if (!headOf(column).querySelector(".book")) return;
  const item = target.closest("li");
  const row = item ? number(item, "r") + number(item, "n") : 1;
  begin(null, { column, row: Math.ceil((row - 1) / step) * step + 1, length: Math.max(step, 3), back: target });
  say();
}

grid.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const item = event.target.closest("li");
  const isArrow = event.key.startsWith("Arrow");
  if (frame) {
    if (isArrow) steer(event.key);
    else if (event.key === "Enter") choose();
    else if (event.key === "Escape") leave();
    else if (event.key === "Tab") { leave(); return; }
    else return;
  } else if (isArrow && item) {
    const other = isGrid() ? next(item, event.key) : items[items.indexOf(item) + (["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1)];
    if (!other) return;
    link(other).focus();
  } else if (event.key === "m" && moves(item) && isGrid()) startMoving(item);
  else if (event.key === "b" && isGrid() && event.target.closest("li, .head")) startBooking(event.target);
  else return;
  event.preventDefault();
});

// By pointer

let pressed = null;

function under(event) {
  const ground = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches?.(".diary-grid .ground"));
  if (!ground) return null;
  const box = ground.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  return { column: number(ground, "c"), row: Math.floor(row / step) * step + 1 };
}

grid.addEventListener("click", (event) => {
  if (!event.target.matches(".ground")) return;
  const found = under(event);
  const url = found && bookUrl(found.column, found.row);
  if (url) location.assign(url);
});

grid.addEventListener("dragstart", (event) => form && isGrid() && event.preventDefault());
grid.addEventListener("pointerdown", (event) => {
  const item = event.target.closest("li");
  if (!moves(item) || event.button || event.pointerType === "touch" || !isGrid()) return;
  if (frame) leave();
  const grip = under(event)?.row ?? number(item, "r");
  pressed = { item, x: event.clientX, y: event.clientY, above: Math.max(grip - number(item, "r"), 0) };
});

document.addEventListener("pointermove", (event) => {
  if (!pressed) return;
  const isFar = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > FAR;
  if (!frame && isFar) {
    const { item } = pressed;
    begin(item, { column: number(item, "c"), row: number(item, "r"), length: number(item, "n") });
  }
  const found = frame && under(event);
  if (found) place(found.column, Math.floor((found.row - pressed.above - 1) / step) * step + 1);
});

document.addEventListener("pointerup", () => {
  if (pressed && frame) {
    // The press that ends the drag is no press on the link.
    const swallow = (event) => event.preventDefault();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => {
      document.removeEventListener("click", swallow, { capture: true });
      choose();
    });
  }
  pressed = null;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !pressed) return;
  pressed = null;
  if (frame) leave();
});

const keys = document.querySelector("[data-keys]");
if (keys) keys.hidden = false;
if (heads.some((head) => head.querySelector(".book"))) grid.classList.add("is-bookable");
// The day opens at the time it is.
const now = grid.querySelector(".now");
if (now && isGrid()) {
  const view = grid.closest(".diary-scroll");
  view.scrollTop = Math.max(now.offsetTop - view.clientHeight / 3, 0);
}
// Whoever moved one goes on from where it stands now.
const moved = sessionStorage.getItem(MOVED);
sessionStorage.removeItem(MOVED);
const there = moved && grid.querySelector(`li a[href$="/${Number(moved)}/change/"]`);
if (there) {
  there.focus({ preventScroll: true });
  there.scrollIntoView({ block: "center", inline: "nearest" });
}
