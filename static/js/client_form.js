// Shows the fields of the chosen kind of client alone; what is filled in stays shown, so that nothing is sent unseen.
const kind = document.querySelector("select[name=kind]");

const show = () => {
  for (const input of document.querySelectorAll("[data-kinds]")) {
    const isOfKind = input.dataset.kinds.split(" ").includes(kind.value);
    input.closest(".field").hidden = !isOfKind && !input.value;
  }
};

if (kind) {
  kind.addEventListener("change", show);
  show();
}
