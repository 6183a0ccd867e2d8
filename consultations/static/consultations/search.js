// Patients appear as one types, on every page. Without this the box is an ordinary search form.

const WAIT = 150;

function start(form) {
  const input = form.querySelector("input");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  let timer, asked, active;

  function activate(option) {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(words, options) {
    activate(null);
    status.textContent = words;
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(Boolean(options.length)));
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    show("", []);
  }

  async function ask(text) {
    asked = new AbortController();
    // Posted: an address would keep the name in the browser.
    const body = new URLSearchParams(new FormData(form));
    body.set("q", text);
    const answer = await fetch(form.dataset.find, { method: "POST", body, signal: asked.signal });
    // Logged out meanwhile: the form itself leads to the log-in page.
    if (!answer.ok || answer.redirected) return close();
    const fragment = document.createElement("template");
    fragment.innerHTML = await answer.text();
    const [words, ...options] = fragment.content.children;
    show(words.textContent.trim(), options);
  }

  function search() {
    clearTimeout(timer);
    asked?.abort();
    const text = input.value.trim();
    if (!text) return close();
    timer = setTimeout(() => ask(text).catch(() => {}), WAIT);
  }

  function move(step) {
    const options = [...list.children];
    if (!options.length) return search();
    const at = options.indexOf(active) + step;
    // One step beyond either end is the box itself, then round again.
    activate(at === -2 ? options.at(-1) : options[at] ?? null);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => active.click(),
    Escape: close,
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !keys[event.key]) return;
    if (event.key === "Enter" && !active) return;
    if (event.key === "Escape" && !status.textContent) return;
    event.preventDefault();
    keys[event.key]();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // Pressing a result must not take the focus from the box, or the list would close under it.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

const form = document.querySelector("[data-find]");
if (form) start(form);
