// Before and after: side by side, one over the other with a slider that uncovers it or lets it shine
// through, and any of them on the whole screen. Without this file they stand side by side.

// One for the page: what is shown in it goes back to its place when it is closed.
const dialog = document.createElement("dialog");
const closing = document.createElement("button");
const place = document.createComment("");

const showFull = (compare) => {
  closing.textContent = compare.dataset.close;
  dialog.setAttribute("aria-label", compare.querySelector(".compare-slider").getAttribute("aria-label"));
  compare.replaceWith(place);
  dialog.append(compare);
  dialog.showModal();
};

const putBack = () => {
  const compare = dialog.querySelector(".compare");
  place.replaceWith(compare);
  compare.querySelector(".compare-full").focus();
};

const liven = (compare) => {
  const part = (name) => compare.querySelector(`[data-compare="${name}"]`);
  const slider = compare.querySelector(".compare-slider");

  const split = () => {
    compare.style.setProperty("--split", `${slider.value}%`);
    compare.style.setProperty("--mix", slider.value / 100);
  };

  const describe = () => {
    const words = compare.dataset.label
      .replace("{before}", part("before-day").textContent)
      .replace("{after}", part("after-day").textContent);
    slider.setAttribute("aria-label", words);
  };

  const showAs = (way) => {
    compare.dataset.show = way;
    slider.hidden = way === "beside";
  };

  const choose = (which) => {
    const select = part(`choose-${which}`);
    if (!select) return;
    const show = () => {
      const chosen = select.selectedOptions[0];
      part(which).src = chosen.dataset.image;
      part(which).alt = chosen.dataset.words;
      part(`${which}-day`).textContent = chosen.textContent;
      describe();
    };
    select.addEventListener("change", show);
    // Going back, a browser restores the choice but not the picture.
    if (!select.selectedOptions[0].defaultSelected) show();
  };

  const before = part("before");
  compare.style.setProperty("--ratio", `${before.width} / ${before.height}`);
  for (const hidden of compare.querySelectorAll("[hidden]")) hidden.hidden = false;
  for (const radio of compare.querySelectorAll("[type=radio]")) {
    radio.addEventListener("change", () => showAs(radio.value));
  }
  compare.querySelector(".compare-full").addEventListener("click", () => showFull(compare));
  slider.addEventListener("input", split);
  choose("before");
  choose("after");
  split();
  describe();
  showAs(compare.querySelector("[type=radio]:checked").value);
  compare.classList.add("is-live");
};

const livenAll = () => document.querySelectorAll(".compare:not(.is-live)").forEach(liven);

// A link to one series opens its comparison.
const openNamed = () => {
  const fold = document.querySelector(":target + .photos + .compare-fold");
  if (fold) fold.open = true;
};

dialog.className = "compare-dialog";
closing.type = "button";
closing.className = "button button-quiet compare-close";
closing.addEventListener("click", () => dialog.close());
dialog.append(closing);
dialog.addEventListener("close", putBack);
document.body.append(dialog);
document.addEventListener("photos-shown", livenAll);
addEventListener("hashchange", openNamed);
// Only then has the page its target.
addEventListener("load", openNamed);
livenAll();
