// A form that came back with messages: the reader starts at the summary of them, which leads on.

document.querySelector(".errornote")?.focus();
