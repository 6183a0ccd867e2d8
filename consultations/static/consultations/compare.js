// Before and after: lays the later photo over the earlier one, and a slider uncovers it.

for (const compare of document.querySelectorAll(".compare")) {
  const part = (name) => compare.querySelector(`[data-compare="${name}"]`);
  const slider = compare.querySelector(".compare-slider");

  const split = () => compare.style.setProperty("--split", `${slider.value}%`);

  const describe = () => {
    const words = compare.dataset.label
      .replace("{before}", part("before-day").textContent)
      .replace("{after}", part("after-day").textContent);
    slider.setAttribute("aria-label", words);
  };

  const choose = (which) => {
    const select = part(`choose-${which}`);
    if (!select) return;
    const show = () => {
      const chosen = select.selectedOptions[0];
      part(which).src = chosen.dataset.image;
      part(`${which}-day`).textContent = chosen.textContent;
      describe();
    };
    select.addEventListener("change", show);
    // Going back, a browser restores the choice but not the picture.
    if (!select.selectedOptions[0].defaultSelected) show();
  };

  const before = part("before");
  compare.style.setProperty("--ratio", `${before.width} / ${before.height}`);
  slider.addEventListener("input", split);
  choose("before");
  choose("after");
  split();
  describe();
  for (const hidden of compare.querySelectorAll("[hidden]")) hidden.hidden = false;
  compare.classList.add("is-live");
}
