// Fields that are changed in their place: [data-inline] names the address of a field. A double-click, Enter or a tap on
// the pencil opens its editor; Enter saves, Esc leaves, Tab saves and goes on to the next field.
const placeOf = (element) => element.closest("[data-inline-place]");
const left = new WeakMap(); // what stood in a place before its editor

const say = (kind) => {
  const toasts = document.querySelector(".toasts");
  const toast = document.getElementById("toast-template").content.cloneNode(true);
  toast.querySelector("[data-toast-text]").textContent = toasts.dataset[kind];
  toasts.append(toast);
};

const ask = async (address, options) => {
  try {
    const answer = await fetch(address, { redirect: "error", headers: { "HX-Request": "true" }, ...options });
    if ([200, 409, 422].includes(answer.status)) return { status: answer.status, text: await answer.text() };
    say(answer.status === 403 ? "forbidden" : "failed");
  } catch {
    say("offline");
  }
  return null;
};

// Parts of the page beside the field that tell it too.
const replaceOthers = (place) => {
  for (const template of place.querySelectorAll("template[data-inline-replaces]")) {
    document.getElementById(template.dataset.inlineReplaces)?.replaceWith(template.content);
    template.remove();
  }
};

const show = (place, html) => {
  place.innerHTML = html;
  replaceOthers(place);
};

const open = async (button) => {
  const place = placeOf(button);
  const answer = await ask(`${button.dataset.inline}?edit`);
  if (!answer || !place.contains(button)) return;
  left.set(place, place.innerHTML);
  show(place, answer.text);
  const control = place.querySelector("input:not([type=hidden]), select, textarea");
  control?.focus();
  control?.select?.();
};

const leave = (place) => {
  show(place, left.get(place));
  place.querySelector("[data-inline]")?.focus();
};

const decide = (form, html) => {
  const place = placeOf(form);
  document.body.insertAdjacentHTML("beforeend", html);
  const dialog = document.body.lastElementChild;
  dialog.addEventListener("close", async () => {
    dialog.remove();
    if (dialog.returnValue === "yours") {
      form.elements.version.value = dialog.dataset.version;
      save(form);
    } else if (dialog.returnValue === "theirs") {
      const answer = await ask(form.action);
      if (answer) show(place, answer.text);
      place.querySelector("[data-inline]")?.focus();
    } else form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  dialog.showModal();
};

const save = async (form) => {
  const place = placeOf(form);
  const answer = await ask(form.action, { method: "POST", body: new FormData(form) });
  if (!answer) return false;
  if (answer.status === 409) {
    decide(form, answer.text);
    return false;
  }
  show(place, answer.text);
  const saved = answer.status === 200;
  (saved ? place.querySelector("[data-inline]") : place.querySelector("[aria-invalid=true]"))?.focus();
  return saved;
};

const goOn = (place, step) => {
  const all = [...document.querySelectorAll("[data-inline-place]")];
  const next = all[all.indexOf(place) + step]?.querySelector("[data-inline]");
  if (next) open(next);
};

// A click of the keyboard has no detail; one of the mouse only shows where the focus is, until it is a double one.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inline]");
  if (button && (event.detail === 0 || event.target.closest("[data-inline-pencil]"))) open(button);
  const cancel = event.target.closest("[data-inline-leave]");
  if (cancel) leave(placeOf(cancel));
});
document.addEventListener("dblclick", (event) => {
  const button = event.target.closest("[data-inline]");
  if (button) open(button);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-inline-editor]")) return;
  event.preventDefault();
  save(event.target);
});
document.addEventListener("keydown", async (event) => {
  const form = event.target.closest("[data-inline-editor]");
  if (!form || event.target.matches("button")) return;
  const place = placeOf(form);
  if (event.key === "Escape") {
    event.stopPropagation();
    leave(place);
  } else if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Tab") {
    event.preventDefault();
    if (await save(form)) goOn(place, event.shiftKey ? -1 : 1);
  }
});
