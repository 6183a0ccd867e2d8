// The day of a step: filled in with today once the step is chosen, taken out again with it.

const status = document.querySelector("#id_status");
const days = document.querySelectorAll("[data-offered-for]");

status?.addEventListener("change", () => {
  for (const day of days) {
    const isChosen = day.dataset.offeredFor === status.value;
    const isOurs = day.dataset.offered && day.value === day.dataset.today;
    if (isChosen && !day.value) {
      day.value = day.dataset.today;
      day.dataset.offered = "yes";
    } else if (!isChosen && isOurs) {
      day.value = "";
    }
  }
});
