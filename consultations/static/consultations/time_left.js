// Warns before the session ends and offers to go on; hides the page once it has ended.
// Other tabs may keep the session going, so the server is asked before anything is said.

const WARNING_MS = 120_000;
const ASKED_EVERY_MS = 10_000;

class TimeLeft {
  constructor(dialog) {
    this.dialog = dialog;
    this.page = document.getElementById("container");
    this.ends = Date.now() + Number(dialog.dataset.timeLeft) * 1000;
    const login = dialog.querySelector("[data-sign-in]");
    login.search = new URLSearchParams({ next: location.pathname + location.search });
    dialog.querySelector("[data-stay]").addEventListener("click", () => this.stay());
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!this.page.hidden) this.stay();
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(this.ends - Date.now() - WARNING_MS, 0));
  }

  // Seconds left; 0 when signed out, undefined when there is no network to ask.
  async ask(how = "") {
    try {
      const answer = await fetch(`${this.dialog.dataset.url}${how}`);
      if (answer.redirected) return 0;
      return answer.ok ? (await answer.json()).seconds : undefined;
    } catch {
      return undefined;
    }
  }

  async look(how) {
    const left = await this.ask(how);
    this.asked = Date.now();
    if (left !== undefined) this.ends = Date.now() + left * 1000;
    const wait = this.ends - Date.now();
    if (wait <= 0) this.over();
    else if (wait <= WARNING_MS) this.warn();
    else this.goOn();
  }

  stay() {
    return this.look("?stay").then(() => {
      this.part("last").hidden = this.page.hidden || !this.dialog.open;
    });
  }

  goOn() {
    if (this.page.hidden) dispatchEvent(new Event("signedin"));
    this.show("warning", false);
    this.dialog.close();
    this.later();
  }

  warn() {
    if (this.page.hidden) dispatchEvent(new Event("signedin"));
    this.show("warning", false);
    if (!this.dialog.open) this.dialog.showModal();
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    const left = Math.ceil((this.ends - Date.now()) / 1000);
    const [minutes, seconds] = [Math.floor(left / 60), left % 60];
    this.part("clock").textContent = `${minutes}:${String(seconds).padStart(2, "0")}`;
    const ask = left <= 0 || Date.now() - this.asked >= ASKED_EVERY_MS;
    this.timer = setTimeout(() => (ask ? this.look() : this.tick()), 1000);
  }

  over() {
    clearTimeout(this.timer);
    this.show("over", true);
    if (!this.dialog.open) this.dialog.showModal();
    this.part("sign-in").focus();
    dispatchEvent(new Event("signedout"));
  }

  show(part, hidden) {
    this.page.hidden = hidden;
    this.dialog.setAttribute("aria-labelledby", `time-left-${part}`);
    this.dialog.setAttribute("aria-describedby", `time-left-${part}-words`);
    for (const one of ["warning", "over"]) this.part(one).hidden = one !== part;
  }

  part(name) {
    return this.dialog.querySelector(`[data-${name}]`);
  }
}

document.querySelectorAll("[data-time-left]").forEach((dialog) => new TimeLeft(dialog));
