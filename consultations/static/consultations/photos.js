// The upload: previews, an area and a view for each photo, one photo sent after the other.
// Without this file the form sends all of them at once with the same area and view.

const form = document.getElementById("upload");

if (form) {
  const input = form.elements.photos;
  const list = document.getElementById("chosen");
  const template = document.getElementById("chosen-photo");
  const progress = document.getElementById("progress");
  const button = form.querySelector("[type=submit]");
  let cards = [];

  const say = (words) => {
    progress.textContent = words;
  };

  // Scaled while it is read: twenty photos at full size would be too much for a phone. A browser
  // that cannot read HEIC shows the name alone.
  const preview = async (file, canvas) => {
    try {
      const bitmap = await createImageBitmap(file, { resizeWidth: canvas.width });
      canvas.height = bitmap.height;
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
    } catch {
      canvas.remove();
    }
  };

  const card = (file) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector("bdi").textContent = file.name;
    preview(file, item.querySelector("canvas"));
    list.append(item);
    return { file, item, isKept: false };
  };

  const choose = () => {
    const files = [...input.files];
    list.replaceChildren();
    const tooMany = files.length > Number(form.dataset.most);
    input.setCustomValidity(tooMany ? progress.dataset.tooMany : "");
    cards = tooMany ? [] : files.map(card);
    list.hidden = cards.length === 0;
    say(tooMany ? progress.dataset.tooMany : "");
  };

  // A view that the chosen area does not have would only be refused later.
  const dropUnfitView = () => {
    const view = form.querySelector("[name=view]:checked");
    const fits = view && view.closest(".view").classList.contains(`fits-${form.elements.area.value}`);
    if (view && !fits) view.checked = false;
  };

  const send = async ({ file, item }) => {
    const data = new FormData();
    const each = (name) => item.querySelector(`[name=each-${name}]`).value;
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("area", each("area") || form.elements.area.value);
    data.append("view", each("view") || form.elements.view.value);
    data.append("taken_on", each("day") || form.elements.taken_on.value);
    data.append("photos", file);
    const answer = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    const { errors = [], refused = [] } = await answer.json();
    if (refused.some((one) => one.ask === "day")) item.querySelector(".photo-asked").hidden = false;
    return [...errors, ...refused.map((one) => one.reason)].join(" ");
  };

  const keep = async (chosen) => {
    const state = chosen.item.querySelector(".photo-state");
    let refusal;
    try {
      refusal = await send(chosen);
    } catch {
      refusal = progress.dataset.unreachable;
    }
    chosen.isKept = !refusal;
    state.textContent = refusal;
    chosen.item.classList.toggle("is-refused", Boolean(refusal));
    if (chosen.isKept) chosen.item.remove();
  };

  // The gallery as it is now, without losing what is still chosen here.
  const showKept = async () => {
    const answer = await fetch(form.action);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const gallery = page.getElementById("gallery");
    if (!gallery) return;
    document.getElementById("gallery").replaceWith(gallery);
    document.dispatchEvent(new Event("photos-shown"));
  };

  const finish = (sent) => {
    const kept = sent.filter((one) => one.isKept).length;
    const words = progress.dataset.kept.replace("{kept}", kept).replace("{all}", sent.length);
    if (kept) showKept();
    if (kept < sent.length) {
      say(`${words} ${progress.dataset.refused}`);
      list.querySelector(".photo-asked:not([hidden]) input")?.focus();
      return;
    }
    input.value = form.elements.taken_on.value = "";
    choose();
    say(words);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.classList.contains("is-sending")) return;
    form.classList.add("is-sending");
    button.setAttribute("aria-disabled", "true");
    const waiting = cards.filter((one) => !one.isKept);
    for (const [index, chosen] of waiting.entries()) {
      say(progress.dataset.sending.replace("{number}", index + 1).replace("{all}", waiting.length));
      await keep(chosen);
    }
    form.classList.remove("is-sending");
    button.removeAttribute("aria-disabled");
    finish(waiting);
  });

  addEventListener("beforeunload", (event) => cards.some((one) => !one.isKept) && event.preventDefault());
  form.addEventListener("change", dropUnfitView);
  input.addEventListener("change", choose);
  choose();
}
