// A changed filter shows at once; without this script the button beside it does the same.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.querySelector("[data-submit]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}

// The box in the head of a table chooses every row.
for (const all of document.querySelectorAll("[data-all]")) {
  const rows = [...all.closest("table").querySelectorAll(`input[name="${all.dataset.all}"]`)];
  all.addEventListener("change", () => rows.forEach((row) => (row.checked = all.checked)));
}
