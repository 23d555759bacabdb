// A changed filter shows at once; without this script the button beside it does the same.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.querySelector("[data-submit]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
