// Choosers (select2) are named by what is chosen in them, so an empty one has no name. They get the
// field's own name, also on cards that are added later.

function name(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const label = select.getAttribute("aria-label") ?? select.labels[0]?.textContent ?? "";
    for (const part of select.nextElementSibling?.querySelectorAll("[role]") ?? []) {
      if (!["combobox", "textbox"].includes(part.getAttribute("role"))) continue;
      part.setAttribute("aria-label", label);
      part.removeAttribute("aria-labelledby");
    }
  }
}

// What is typed into a chooser is posted, which wants the token of the page's forms.
const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
window.django?.jQuery?.ajaxSetup({ headers: { "X-CSRFToken": token } });

// In jQuery's own queue, behind what makes the choosers.
window.django?.jQuery?.(() => name(document));
document.addEventListener("formset:added", (event) => {
  setTimeout(() => name(event.target));
  event.target.querySelector("select, input:not([type=hidden]), textarea")?.focus();
});
