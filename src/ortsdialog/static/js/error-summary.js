// After a form was refused, reading begins at the summary of what is wrong.
document.querySelector("[data-focus-on-load]")?.focus();
