// Shows a question as soon as an earlier answer asks for it, and hides it again. The server decides anew in any case.
const form = document.querySelector("[data-asked]")?.closest("form");

const chosen = (key) => [...form.querySelectorAll(`[name="${key}"]:checked`)].map((box) => box.value);

const refresh = () => {
  for (const asked of form.querySelectorAll("[data-depends-on]")) {
    const earlier = form.querySelector(`[data-asked="${asked.dataset.dependsOn}"]`);
    const wanted = asked.dataset.dependsOnAny.split(" ");
    asked.hidden = earlier.hidden || !chosen(asked.dataset.dependsOn).some((value) => wanted.includes(value));
  }
  for (const section of form.querySelectorAll("[data-asked-section]")) {
    section.hidden = !section.querySelector("[data-asked]:not([hidden])");
  }
};

if (form) {
  form.addEventListener("change", refresh);
  refresh();
}

// The address of a link, chosen whole by a click, to be copied.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select-whole]")) event.target.select();
});
