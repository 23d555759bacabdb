// Parts of the studio fetched anew after an edit, without taking away what the person has at hand: the focus, open
// details, the caret. A part in which something is being typed or dragged waits until that is saved; so does one whose
// field with the focus holds another text than the one to come (“0.” on the way to 0.5).
const root = document.getElementById("studio");
const waiting = new Set();
let focus = null;
let fetching = false;
let asked = false;

const shown = (name) => document.querySelector(`[data-section="${CSS.escape(name)}"]`);
const isBusy = (element) => element.querySelector("[data-dirty], [data-dragging]") !== null;

const isAhead = (old, fresh) => {
  const active = document.activeElement;
  if (!active.id || !old.contains(active) || !active.matches("input, textarea")) return false;
  const next = fresh.querySelector(`#${CSS.escape(active.id)}`);
  return next !== null && next.value !== active.value;
};

const stateOf = (element) => ({
  open: new Set([...element.querySelectorAll("details[id][open]")].map((details) => details.id)),
  active: element.contains(document.activeElement) ? document.activeElement : null,
});

const restore = (fresh, { open, active }) => {
  for (const details of fresh.querySelectorAll("details[id]")) details.open = details.open || open.has(details.id);
  const again = active?.id ? document.getElementById(active.id) : null;
  if (!again || !fresh.contains(again)) return;
  again.focus({ preventScroll: true });
  if (again.selectionStart !== null && active.selectionStart !== null && again.setSelectionRange) {
    again.setSelectionRange(active.selectionStart, active.selectionEnd);
  }
};

const replace = (old, fresh) => {
  const state = stateOf(old);
  old.replaceWith(fresh);
  window.htmx?.process(fresh);
  fresh.dispatchEvent(new CustomEvent("strata:rendered", { bubbles: true }));
  restore(fresh, state);
};

const settleFocus = () => {
  const target = focus && document.getElementById(focus);
  if (!target) return;
  focus = null;
  target.dispatchEvent(new CustomEvent("strata:reveal", { bubbles: true }));
  target.focus();
  target.scrollIntoView({ block: "nearest" });
  if (target.matches("input")) target.select?.();
};

const work = async () => {
  asked = fetching;
  if (fetching) return;
  const names = [...waiting].filter((name) => shown(name) && !isBusy(shown(name)));
  if (!names.length) return settleFocus();
  names.forEach((name) => waiting.delete(name));
  fetching = true;
  try {
    const open = [...document.querySelectorAll("[data-panel]:not([hidden])")].map((panel) => panel.dataset.panel);
    const query = new URLSearchParams([...names.map((name) => ["section", name]), ...open.map((path) => ["open", path])]);
    const response = await fetch(`${root.dataset.studio}?${query}`, { redirect: "error" });
    if (!response.ok) return;
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const fresh of [...answer.body.children]) {
      const old = shown(fresh.dataset.section);
      if (!old) continue;
      if (isBusy(old) || isAhead(old, fresh)) waiting.add(fresh.dataset.section);
      else replace(old, document.adoptNode(fresh));
    }
  } catch {
    // The next edit tells that the server cannot be reached, and then the parts are fetched.
    names.forEach((name) => waiting.add(name));
    return;
  } finally {
    fetching = false;
  }
  settleFocus();
  if (asked) work();
};

document.body.addEventListener("strata:renew", (event) => {
  event.detail.sections.forEach((name) => waiting.add(name));
  focus = event.detail.focus ?? focus;
  work();
});
document.addEventListener("focusout", () => waiting.size && setTimeout(work));
document.body.addEventListener("strata:answer", () => waiting.size && queueMicrotask(work));
