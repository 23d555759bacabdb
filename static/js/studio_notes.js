// Words beside the fields of the studio: what stands against submitting, what could not be saved, what somebody else
// wrote meanwhile; and the list of what is to be put right at the top.
const root = document.getElementById("studio");
const summary = document.getElementById("studio-refusals");
let refusals = JSON.parse(root.dataset.refusals);
let count = 0;

const fieldAt = (path) => document.querySelector(`[data-path="${CSS.escape(path)}"]`);
const addressed = (address) => document.querySelector(`[data-address="${CSS.escape(address)}"]`);

// The field of an address or what is closest around it: scorecards/a/dimensions/b/weight, …/b, …/dimensions, …
const closest = (address) => {
  for (let steps = address.split("/"); steps.length; steps.pop()) {
    const path = steps.join("/");
    const found = fieldAt(path) ?? addressed(path);
    if (found) return found;
  }
  return root;
};

const slotOf = (element) => element.closest("[data-noted]") ?? element.querySelector("[data-noted]") ?? element.parentElement;

const stamp = (name, text) => {
  const note = document.getElementById(name).content.firstElementChild.cloneNode(true);
  note.querySelector("[data-note-text]").textContent = text;
  count += 1;
  note.id = `studio-note-${count}`;
  return note;
};

const describe = (field) => {
  const notes = [...document.querySelectorAll(".studio-note")].filter((note) => note.dataset.of === field.id);
  const described = [...(field.dataset.help ? [field.dataset.help] : []), ...notes.map((note) => note.id)];
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
  if (notes.some((note) => note.dataset.kind !== "told")) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
};

const put = (field, note, kind) => {
  note.dataset.kind = kind;
  if (field.matches("[data-path]")) note.dataset.of = field.id;
  slotOf(field).append(note);
  if (field.matches("[data-path]")) describe(field);
};

const take = (notes) => {
  for (const note of notes) {
    const field = note.dataset.of && document.getElementById(note.dataset.of);
    note.remove();
    if (field) describe(field);
  }
};
const notesOf = (field, kind) =>
  [...document.querySelectorAll(`.studio-note[data-kind="${kind}"]`)].filter((note) => note.dataset.of === field.id);

// Faults: what was typed cannot be saved.
document.body.addEventListener("strata:fault", ({ detail: { field, text, fix } }) => {
  take(notesOf(field, "fault"));
  put(field, stamp("studio-note", [text, fix].filter(Boolean).join(" ")), "fault");
});
document.body.addEventListener("strata:sound", ({ detail: { field } }) => take(notesOf(field, "fault")));

// Conflicts: both values stand there until the person chooses.
document.body.addEventListener("strata:conflict", ({ detail: { field, value, told } }) => {
  take(notesOf(field, "conflict"));
  const note = stamp("studio-conflict", told);
  const settle = (mine) => {
    take(notesOf(field, "conflict"));
    field.focus();
    field.dispatchEvent(new CustomEvent("strata:settle", { bubbles: true, detail: { value, mine } }));
  };
  note.querySelector("[data-keep]").addEventListener("click", () => settle(false));
  note.querySelector("[data-use]").addEventListener("click", () => settle(true));
  put(field, note, "conflict");
});

// What somebody else just changed is marked for a while, with who did it.
const TOLD_FOR = 8000;
document.body.addEventListener("strata:told", ({ detail: { field, told } }) => {
  take(notesOf(field, "told"));
  put(field, stamp("studio-told", told), "told");
  const id = field.id;
  setTimeout(() => take([...document.querySelectorAll('.studio-note[data-kind="told"]')].filter((note) => note.dataset.of === id)), TOLD_FOR);
});

// Refusals: all of them come with every answer, so that those that went away vanish.
const reveal = (element) => {
  element.dispatchEvent(new CustomEvent("strata:reveal", { bubbles: true }));
  element.scrollIntoView({ block: "center" });
  (element.matches("[data-path]") ? element : element.querySelector("[data-path]"))?.focus({ preventScroll: true });
};

// What is closed shows that it holds a note.
const doorsOf = (element) => {
  if (element.matches("details")) return [element.querySelector("summary")];
  if (element.matches("[data-panel]")) return [...document.querySelectorAll(`[data-toggle="${CSS.escape(element.id)}"]`)];
  if (element.matches("[role=tabpanel]")) return [document.getElementById(element.getAttribute("aria-labelledby"))];
  return [];
};
const markClosed = () => {
  for (const marked of document.querySelectorAll(".has-note")) marked.classList.remove("has-note");
  for (const note of document.querySelectorAll('.studio-note:not([data-kind="told"])')) {
    for (let at = note.parentElement; at; at = at.parentElement) doorsOf(at).forEach((door) => door?.classList.add("has-note"));
  }
};

const draw = () => {
  take([...document.querySelectorAll('.studio-note[data-kind="refusal"]')]);
  const list = summary.querySelector("ul");
  list.replaceChildren();
  for (const { address, text, fix } of refusals) {
    const place = closest(address);
    put(place, stamp("studio-note", `${text} ${fix}`.trim()), "refusal");
    const item = document.getElementById("studio-refusal").content.firstElementChild.cloneNode(true);
    const button = item.querySelector("button");
    button.querySelector("[data-note-text]").textContent = text;
    button.querySelector("[data-note-fix]").textContent = fix;
    button.addEventListener("click", () => {
      summary.open = false;
      const found = closest(address);
      reveal(found);
      // The field may stand in a panel of it that was never opened.
      if (!found.matches("[data-path]")) found.querySelector(":scope > * > [data-toggle][aria-expanded=false]")?.click();
    });
    list.append(item);
  }
  summary.hidden = refusals.length === 0;
  summary.querySelector("[data-count]").textContent = String(refusals.length);
  markClosed();
};

// A field that was saved after all is in no conflict any more.
const settled = () => {
  for (const note of document.querySelectorAll('.studio-note[data-kind="conflict"]')) {
    const field = document.getElementById(note.dataset.of);
    if (field && !("conflict" in field.dataset)) take([note]);
  }
};

document.body.addEventListener("strata:answer", ({ detail }) => {
  settled();
  if (!detail.refusals) return;
  refusals = detail.refusals;
  draw();
});
document.addEventListener("strata:rendered", draw);
draw();
