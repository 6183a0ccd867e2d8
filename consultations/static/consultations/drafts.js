// Keeps what is typed into a record's form: stored on the server while one types, offered on
// return, and asked about before one leaves. The form says with data-drafts where to store.

const QUIET_MS = 1500; // after the last key
const LONGEST_MS = 5000; // while keys go on
const RETRY_MS = 4000;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "token"]);

class DraftKeeper {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.drafts;
    this.address = form.dataset.draftAddress;
    this.status = document.querySelector("[data-draft-status]");
    this.initial = this.text();
    this.unsaved = "unsaved" in form.dataset; // the server gave it back with messages
    this.stored = this.unsaved ? null : this.initial;
    this.leaving = this.busy = this.lost = false;
    this.offer = document.querySelector("[data-draft-offer]");
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.typed());
    // Buttons and added rows change fields without such an event.
    form.addEventListener("click", () => setTimeout(() => this.typed()));
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("beforeunload", (event) => this.leave(event));
    addEventListener("pageshow", () => (this.leaving = false));
    // Signed out with everything kept: the way to sign in again is not stood in.
    addEventListener("signedout", () => (this.leaving = !this.offer?.open && this.text() === this.stored));
    addEventListener("signedin", () => (this.leaving = false));
    document.addEventListener("visibilitychange", () => document.hidden && this.store(true));
    if (this.offer) this.ask();
    else this.typed();
  }

  values() {
    const found = {};
    for (const field of this.form.elements) {
      if (!field.name || NOT_TYPED.has(field.name) || field.name.includes("__prefix__")) continue;
      if (["submit", "button", "file"].includes(field.type)) continue;
      if (["radio", "checkbox"].includes(field.type)) {
        if (field.checked) (found[field.name] ??= []).push(field.value);
        else if (field.type === "checkbox") found[field.name] ??= [];
      } else if (field.classList.contains("admin-autocomplete")) {
        found[field.name] = { value: field.value, label: field.selectedOptions[0]?.text ?? "" };
      } else {
        found[field.name] = field.value;
      }
    }
    return found;
  }

  text() {
    return JSON.stringify(this.values());
  }

  get changed() {
    return this.unsaved || this.text() !== this.initial;
  }

  typed() {
    const waiting = this.text() !== this.stored;
    this.status?.toggleAttribute("data-waiting", waiting);
    if (!waiting) return;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.store(), QUIET_MS);
    this.longest ??= setTimeout(() => this.store(), LONGEST_MS);
  }

  async store(last = false) {
    clearTimeout(this.quiet);
    clearTimeout(this.longest);
    this.longest = undefined;
    const text = this.text();
    if (text === this.stored || this.leaving || (this.busy && !last)) return;
    this.busy = true;
    const body = new FormData();
    body.set("form", this.address);
    if (text === this.initial && !this.unsaved) body.set("discard", "1");
    else body.set("values", text);
    body.set("title", this.form.dataset.draftTitle);
    try {
      const answer = await this.post(body, last);
      this.stored = text;
      this.lost = false;
      this.say(answer.saved_at ? this.words("saved").replace("%s", answer.saved_at) : "");
    } catch (trouble) {
      this.busy = false;
      if (this.leaving) return;
      this.lost = trouble.message === "signed out";
      this.say(trouble.error ?? this.words(this.lost ? "signedOut" : "offline"), true);
      setTimeout(() => this.store(), RETRY_MS);
    }
    this.busy = false;
    this.typed();
  }

  async post(body, keepalive = false) {
    body.set("csrfmiddlewaretoken", this.token.value);
    this.asking = new AbortController();
    const request = { method: "POST", body, keepalive, signal: this.asking.signal };
    let answer = await fetch(this.url, request);
    if (answer.status === 403 && (await this.renew())) {
      body.set("csrfmiddlewaretoken", this.token.value);
      answer = await fetch(this.url, request);
    }
    if (answer.redirected || answer.status === 403) throw new Error("signed out");
    if (!answer.ok) {
      const why = await answer.json().catch(() => ({}));
      throw Object.assign(new Error("refused"), why);
    }
    return answer.json();
  }

  // Who signed in again in another tab has another token; the form goes on with that one.
  async renew() {
    const found = await this.kept();
    if (found) this.token.value = found.token;
    return Boolean(found);
  }

  async kept() {
    try {
      const answer = await fetch(`${this.url}?form=${encodeURIComponent(this.address)}`);
      return answer.ok && !answer.redirected ? await answer.json() : null;
    } catch {
      return null; // no network
    }
  }

  get token() {
    return this.form.querySelector("[name=csrfmiddlewaretoken]");
  }

  words(name) {
    return this.status?.dataset[name] ?? "";
  }

  say(words, trouble = false) {
    if (!this.status) return;
    this.status.textContent = words;
    this.status.toggleAttribute("data-trouble", trouble);
  }

  submit(event) {
    if (this.lost) {
      event.preventDefault();
      this.comeBack();
      return;
    }
    this.leaving = true;
    clearTimeout(this.quiet);
    // A draft that is on its way must not arrive after what it is a draft of.
    this.asking?.abort();
  }

  // Signed in again, the form has its new token and can be saved with the next press.
  async comeBack() {
    this.lost = !(await this.renew());
    this.say(this.words(this.lost ? "signedOut" : "back"), this.lost);
    if (!this.lost) this.store();
  }

  leave(event) {
    if (!this.leaving && this.changed) event.preventDefault();
  }

  ask() {
    // Left open it would be typed over; only where nothing can be fetched may it be closed.
    this.offer.addEventListener("cancel", (event) => this.trouble.hidden && event.preventDefault());
    for (const [name, act] of [["restore", () => this.restore()], ["discard", () => this.discard()]]) {
      this.offer.querySelector(`[data-draft-${name}]`).addEventListener("click", async () => {
        try {
          await act();
          this.offer.close();
        } catch {
          this.trouble.hidden = false;
        }
      });
    }
    this.offer.showModal();
  }

  get trouble() {
    return this.offer.querySelector("[data-draft-trouble]");
  }

  async discard() {
    const body = new FormData();
    body.set("form", this.address);
    body.set("discard", "1");
    await this.post(body);
  }

  async restore() {
    const found = await this.kept();
    if (!found?.draft) throw new Error("not found");
    const left = fill(this.form, found.draft.values);
    this.stored = this.text();
    if (left) this.say(this.words("leftOut").replace("%s", left), true);
    else this.say(this.words("saved").replace("%s", found.draft.saved_at));
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Cards that were added while typing are added again before they are filled. Returns how many
// answers have no place any more, because the form asks otherwise since.
function fill(form, values) {
  for (const [name, count] of Object.entries(values)) {
    if (!name.endsWith("-TOTAL_FORMS")) continue;
    const group = document.getElementById(`${name.slice(0, -"-TOTAL_FORMS".length)}-group`);
    const more = () => Number(count) - Number(form.elements[name]?.value ?? count);
    for (let left = more(); left > 0; left -= 1) group?.querySelector(".add-row a")?.click();
  }
  let left = 0;
  for (const [name, value] of Object.entries(values)) {
    const fields = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    for (const field of fields) put(field, value);
    if (!fields.length && isAnswer(value)) left += 1;
  }
  for (const folded of form.querySelectorAll("details")) {
    folded.open ||= [...folded.querySelectorAll("input, textarea")].some((one) => one.value && one.type !== "hidden" && one.type !== "radio");
  }
  return left;
}

const isAnswer = (value) => [value.value ?? value].flat().some((one) => one && one !== "unknown");

function put(field, value) {
  if (["radio", "checkbox"].includes(field.type)) {
    field.checked = value.includes(field.value);
  } else if (field.classList.contains("admin-autocomplete")) {
    const chosen = value.value ?? value;
    if (![...field.options].some((option) => option.value === chosen)) {
      field.add(new Option(value.label ?? chosen, chosen));
    }
    field.value = chosen;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (!field.name.endsWith("_FORMS")) {
    // What was a chooser may be a hidden field now, and the other way round.
    field.value = value.value ?? value;
  }
}

// After every other script, so that cards and choosers are in place when the form is first read.
addEventListener("load", () => {
  for (const form of document.querySelectorAll("form[data-drafts]")) new DraftKeeper(form);
});
