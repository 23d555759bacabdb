// The criteria studio: every field of a draft saves itself, in order, and says so beside itself.
//
// What templates and other modules of the studio rely on (docs/adr/0006-drafts-are-edited-in-place.md):
//
// Fields. {% bound "scorecards" card.key … kind="percent" %} writes what a control needs to be one:
//   data-path="scorecards/company/dimensions/finances/weight"   the place it edits, by names
//   data-was="4000"                                             the JSON it was rendered from; absent: nothing stood there
//   data-kind="number|points|percent|text|choice|flag|json"     how its value becomes JSON, see `read`
//   data-scale="100"        a number is shown times so much (0.62 as 62); `percent` shows basis points: 4000 as 40
//   data-also='{"a/b": 4}'  further places that hold the same value, with what each was; edited in the same group
//   data-empty="remove"     an empty control, an unticked box, takes the place out of the document; "null" writes null
// It is saved 250 ms after typing stops, at once on change. Text that is no number stays in the field with a word beside
// it, and nothing is sent. A flag is true or false.
//
// Buttons. data-edit='[{"op": "set", "path": …, "was": …, "value": …}]' sends edits. data-act='{"act": "even", "path": …}'
// sends a recipe that the server turns into edits (tiering/pages/studio_recipes.py); with data-value-of="id" the `value` of
// that control goes with it, and a select with data-act sends its own when it changes. data-section-renew="gates" names a
// section to fetch anew besides those that the server names, data-focus the id that then has the focus.
//
// Other modules dispatch `strata:edit` (bubbling) with detail {edits} or {act}, and as they like {section, focus}: it is
// queued behind what is being typed. `strata:edited` fires on body after every answer that changed the draft, detail
// {revision}. `strata:rendered` fires on an element that was fetched anew, bubbling, to set up what it holds.
//
// Sections. An element with data-section="gates" is replaced by the one that GET ?section=gates answers
// (studio_sections.js): open <details id> stay open, chosen tabs chosen, and the focus returns to the same id.
//
// Notes (studio_notes.js) stand in the closest [data-noted] around the field with that data-path, or of the
// [data-address] at or above the address.
//
// Small parts (studio_parts.js): data-mirrors="id" (a slider of a number field), data-copies="id" (text that repeats a
// field), data-sum="id" (fields that add up in the element of that id), data-toggle="id" of a [data-panel], role=tablist,
// [data-combo], data-movable (Alt with ↑ or ↓ moves the entry of its data-address).
//
// Answers (tiering/views/studio.py): {revision, status, saved_at, may_undo, may_redo, refusals: [{address, text, fix}], changes:
// [{path, value, told}], sections: [names to fetch anew], focus}. 409 carries {conflicts: [{path, value, told}]}, 422
// {faults: [{address, text, fix}]}, others {text}: of these nothing was saved.

import { canonical, isNumber, read, write } from "./studio_values.js";

const WAIT = 250;
const POLL = 15_000;
const LONGEST_RETRY = 30_000;
const ANSWER_WITHIN = 20_000;

const root = document.getElementById("studio");
const status = document.getElementById("studio-status");
const url = root.dataset.studio;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
let revision = Number(root.dataset.revision);
let sending = null;
let delay = 0;
const queue = [];
const timers = new Map();

const fieldAt = (path) => document.querySelector(`[data-path="${CSS.escape(path)}"]`);
const toast = (text, level = "error") => document.dispatchEvent(new CustomEvent("toast", { detail: { level, text } }));
const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

const remember = (field, json) => {
  if (json === undefined) delete field.dataset.was;
  else field.dataset.was = json;
};

const alsoOf = (field) => JSON.parse(field.dataset.also ?? "{}");

// The queue. One group is under way at a time, so that edits arrive in the order in which they were made. Of a field only
// the newest value waits; what it `was` is looked up when it is sent, by then the answer before has told it.
const unsaved = () => queue.length > 0 || sending !== null || timers.size > 0;

const show = (state, text) => {
  status.dataset.state = state;
  if (state === "saved" && text) status.dataset.saved = text;
  const next = text ?? status.dataset[state];
  if (status.textContent !== next) status.textContent = next;
};

const editsOf = (group) => {
  if (!group.path) return group.edits;
  const field = fieldAt(group.path) ?? group.field;
  const set = (path, was) => ({
    op: "set",
    path,
    ...(was !== undefined && { was }),
    ...(group.json !== undefined && { value: JSON.parse(group.json) }),
  });
  const was = field.dataset.was;
  const also = Object.entries(alsoOf(field)).map(([path, other]) => set(path, other));
  return [set(group.path, was === undefined ? undefined : JSON.parse(was)), ...also];
};

const enqueue = (group) => {
  queue.push(group);
  sendNext();
};

const post = (group) =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(group.act ? { revision, ...group.act } : { revision, edits: editsOf(group) }),
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });

// Edits that did not arrive are sent again until they do: they name what they saw, so twice does no harm. An undo or a
// recipe would, so it is given back to the person.
const later = () => {
  const group = sending;
  sending = null;
  show("unsaved");
  if (group.act) toast(root.dataset.notDone);
  else queue.unshift(group);
  delay = Math.min(LONGEST_RETRY, delay * 2 || 1000);
  setTimeout(sendNext, delay);
};

const sendNext = async () => {
  if (sending || !queue.length) return;
  sending = queue.shift();
  show("saving");
  let response;
  let answer;
  try {
    response = await post(sending);
    answer = await response.json();
  } catch {
    return later();
  }
  if (response.status >= 500 || response.status === 429) return later();
  const group = sending;
  sending = null;
  delay = 0;
  (ENDINGS[response.status] ?? refused)(group, answer);
  if (queue.length) return sendNext();
  if (status.dataset.state === "saving") show("saved", answer.saved_at);
};

const accepted = (group, answer) => {
  const field = group.path && (fieldAt(group.path) ?? group.field);
  if (field) {
    remember(field, group.json);
    delete field.dataset.conflict;
    const others = Object.keys(alsoOf(field)).map((path) => [path, group.json && JSON.parse(group.json)]);
    if (others.length) field.dataset.also = JSON.stringify(Object.fromEntries(others));
    if (!timers.has(field)) delete field.dataset.dirty;
  }
  show("saved", answer.saved_at);
  receive(answer, group);
};

// Somebody else wrote there: the person decides at the field. What was typed there since waits for that.
const clashed = (group, answer) => {
  if (!answer.conflicts) return refused(group, answer);
  show("unsaved");
  dropFrom(group);
  const field = group.path && fieldAt(group.path);
  if (field) {
    field.dataset.conflict = String(group.json);
    return tell("strata:conflict", { field, ...answer.conflicts[0] });
  }
  for (const conflict of answer.conflicts) toast(conflict.told, "warning");
  renew([...answer.sections, group.section]);
  // A recipe acts on what this page knows: it has to know what the other wrote before it is tried again.
  listen();
};

const misshapen = (group, answer) => {
  show("unsaved", answer.text);
  const field = group.path && fieldAt(group.path);
  if (field) return tell("strata:fault", { field, ...answer.faults[0] });
  for (const fault of answer.faults) toast(`${fault.text} ${fault.fix}`);
};

const refused = (group, answer) => {
  show("saved");
  toast(answer.text ?? root.dataset.notDone);
};

const ENDINGS = { 200: accepted, 409: clashed, 422: misshapen };

const dropFrom = (group) => {
  for (let at = queue.length - 1; at >= 0; at -= 1) if (group.path && queue[at].path === group.path) queue.splice(at, 1);
};

const renew = (sections, focus) => {
  const names = [...new Set(sections.filter(Boolean))];
  if (names.length) tell("strata:renew", { sections: names, focus });
};

// What an answer tells, of one's own edits and of others'. A value that somebody is typing over stays: its conflict is
// told when it is sent.
const receive = (answer, group = {}) => {
  // Another step on its way, such as back to a draft because of this edit: all of the page is another one then.
  if (answer.status !== root.dataset.status && !unsaved()) return location.reload();
  const moved = answer.revision !== revision;
  revision = answer.revision;
  const sections = [...(answer.sections ?? []), group.section];
  for (const { path, value, told, section } of answer.changes ?? []) {
    const field = fieldAt(path);
    if (!field) sections.push(section);
    else if (!("dirty" in field.dataset)) {
      const json = value === undefined ? undefined : JSON.stringify(value);
      remember(field, json);
      write(field, json);
      if (told) tell("strata:told", { field, told });
    }
  }
  for (const [name, may] of [["undo", answer.may_undo], ["redo", answer.may_redo]]) {
    const button = document.querySelector(`[data-studio-${name}]`);
    if (button && may !== undefined) button.disabled = !may;
  }
  if (answer.present !== undefined) document.getElementById("studio-others").innerHTML = answer.present;
  tell("strata:answer", answer);
  renew(sections, group.focus ?? answer.focus);
  if (moved) tell("strata:edited", { revision });
};

// Fields
const commit = (field) => {
  clearTimeout(timers.get(field));
  timers.delete(field);
  const { json, fault } = read(field);
  if (fault) return tell("strata:fault", { field, text: fault, fix: "" });
  tell("strata:sound", { field });
  // Leaving a field to choose between two values is no third attempt to write one's own.
  if (field.dataset.conflict === String(json)) return;
  const path = field.dataset.path;
  const waiting = queue.findIndex((group) => group.path === path);
  if (waiting >= 0) queue.splice(waiting, 1);
  const under = sending?.path === path ? sending.json : canonical(field.dataset.was);
  if (json === under) {
    delete field.dataset.dirty;
    if (!unsaved()) show("saved");
    return;
  }
  enqueue({ path, field, json });
};

const commitAll = () => {
  for (const field of [...timers.keys()]) commit(field);
};

const isTyped = (field) => !field.matches("select, [type=checkbox], [type=radio], [type=range]");

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-path]");
  if (!field || !isTyped(field) || event.isComposing) return;
  field.dataset.dirty = "";
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(commit, WAIT, field));
});
document.addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-path]");
  if (field) commit(field);
});

// A number that is still as it was when Escape is pressed: the last saved value comes back.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-path]");
  if (event.key !== "Escape" || !field || !("dirty" in field.dataset)) return;
  clearTimeout(timers.get(field));
  timers.delete(field);
  write(field, field.dataset.was);
  commit(field);
});

// {value, mine}: after a conflict, with what the other wrote. Theirs stays, or one's own is written over it.
document.addEventListener("strata:settle", (event) => {
  const { value, mine } = event.detail;
  const json = value === undefined ? undefined : JSON.stringify(value);
  remember(event.target, json);
  delete event.target.dataset.conflict;
  if (!mine) write(event.target, json);
  commit(event.target);
});

document.addEventListener("strata:edit", (event) => {
  commitAll();
  enqueue(event.detail);
});

const press = (control, value) => {
  const { edit, act, sectionRenew: section, focus } = control.dataset;
  commitAll();
  const asked = edit ? { edits: JSON.parse(edit) } : { act: { ...JSON.parse(act), ...(value !== undefined && { value }) } };
  enqueue({ ...asked, section, focus });
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit], [data-act]");
  if (!button || button.matches("select")) return;
  press(button, document.getElementById(button.dataset.valueOf)?.value);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-act]")) press(event.target, event.target.value);
});

// Undo and redo. In a text that was changed since it has the focus, the browser's own undo goes first.
const step = (act) => {
  commitAll();
  const button = document.querySelector(`[data-studio-${act}]`);
  if (!button.disabled || unsaved()) enqueue({ act: { act } });
};
let focused = { field: null, value: "" };
document.addEventListener("focusin", (event) => (focused = { field: event.target, value: event.target.value }));
const isWriting = (element) =>
  (element.matches("textarea, input[type=text], input[type=search], input:not([type])") &&
    (!element.dataset.path || !isNumber(element)) &&
    (!element.dataset.path || (focused.field === element && focused.value !== element.value))) ||
  element.isContentEditable;

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const act = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" && !event.metaKey ? "redo" : null;
  if (!act || isWriting(event.target)) return;
  event.preventDefault();
  step(act);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-studio-undo]")) step("undo");
  if (event.target.closest("[data-studio-redo]")) step("redo");
});

// What others do meanwhile.
const listen = async () => {
  if (document.hidden || unsaved()) return;
  try {
    const response = await fetch(`${url}news/?since=${revision}`, { redirect: "error" });
    if (response.ok && !unsaved()) receive(await response.json());
  } catch {
    // The next edit tells that the server cannot be reached.
  }
};
setInterval(listen, POLL);
document.addEventListener("visibilitychange", listen);
window.addEventListener("online", () => {
  delay = 0;
  sendNext();
});
window.addEventListener("beforeunload", (event) => {
  commitAll();
  if (unsaved()) event.preventDefault();
});
listen();
