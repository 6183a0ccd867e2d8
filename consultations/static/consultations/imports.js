// How far a save has come is looked at again by itself; without this script, by its button.

const link = document.querySelector("[data-reloads]");
if (link) setTimeout(() => location.replace(link.href), 3000);
