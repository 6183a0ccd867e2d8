// Sending a referral: the button says what follows, for a new letter or for anything else. A letter
// that came to be looked at is gone to at once.

const letter = document.querySelector("#id_document");
const save = document.querySelector("[name=_save][data-otherwise]");

if (letter && save) {
  let wasNew = letter.value === "new";
  letter.addEventListener("change", () => {
    const isNew = letter.value === "new";
    if (isNew === wasNew) return;
    [save.value, save.dataset.otherwise] = [save.dataset.otherwise, save.value];
    wasNew = isNew;
  });
}

document.querySelector("[data-looks]")?.scrollIntoView();
