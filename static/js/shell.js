// The frame: drawer on phones, menus that close, dialogs that open, confirmations.
const root = document.documentElement;

const closeDrawer = () => root.classList.remove("drawer-open");
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
};

// The first field that needs attention, or simply the first, has the focus.
const openDialog = (dialog) => {
  dialog.showModal();
  const fields = ".dialog-body :is(input:not([type=hidden]), select, textarea)";
  (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector(fields))?.focus();
};

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-drawer-toggle]")) root.classList.toggle("drawer-open");
  else if (target.closest(".drawer-backdrop, .sidebar a")) closeDrawer();

  const opener = target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    openDialog(document.getElementById(opener.dataset.dialogOpen));
  }
  if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  if (target.matches("dialog")) target.close();

  closeMenus(target);
  if (target.closest("[data-menu-close]")) closeMenus(null);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeDrawer();
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <form data-confirm="What will change" data-confirm-button="Delete">: asks in the page's own dialog.
// {count} in the text stands for the number of selected rows.
const confirmDialog = document.getElementById("confirm-dialog");
let awaiting = null;

const ask = (element, proceed) => {
  awaiting = proceed;
  confirmDialog.querySelector("[data-confirm-text]").textContent = element.dataset.confirm.replace(
    "{count}",
    document.querySelectorAll("[data-select]:checked").length,
  );
  const button = confirmDialog.querySelector("[data-confirm-proceed]");
  button.textContent = element.dataset.confirmButton || button.dataset.label;
  confirmDialog.showModal();
};

if (confirmDialog) {
  confirmDialog.addEventListener("close", () => {
    const proceed = awaiting;
    awaiting = null;
    if (confirmDialog.returnValue === "proceed" && proceed) proceed();
    confirmDialog.returnValue = "";
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const source = event.submitter?.dataset.confirm ? event.submitter : form;
      if (!source.dataset.confirm) return;
      if (form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(source, () => {
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter);
      });
    },
    true,
  );
}

// Where the tabs do not fit, the one that is open is in sight.
for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
  const tabs = tab.parentElement;
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

// A dialog that came back from the server with errors opens by itself.
for (const dialog of document.querySelectorAll("dialog[data-open]")) openDialog(dialog);
