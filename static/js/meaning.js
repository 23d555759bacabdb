// What a field means (口径), from the data dictionary: [data-meaning] holds it. A label that is a button shows it when it
// is pointed at, has the focus or is tapped; a form field when its sign is pointed at or tapped, and above it once
// somebody stays in it without typing. Esc puts it away.
const PAUSE = 600;
const tip = document.createElement("div");
tip.className = "tooltip meaning-tip";
tip.id = "meaning-tip";
tip.role = "tooltip";
tip.hidden = true;
let shownFor = null;
let waiting = 0;

const hide = () => {
  clearTimeout(waiting);
  tip.hidden = true;
  if (shownFor?.matches("button")) shownFor.removeAttribute("aria-describedby");
  shownFor = null;
};

const place = (anchor) => {
  const box = anchor.getBoundingClientRect();
  const above = box.top - tip.offsetHeight - 6;
  tip.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 6}px`;
};

const show = (anchor) => {
  hide();
  (anchor.closest("dialog, main, aside") ?? document.body).append(tip);
  tip.textContent = anchor.closest("[data-meaning]").dataset.meaning;
  tip.hidden = false;
  shownFor = anchor;
  if (anchor.matches("button")) anchor.setAttribute("aria-describedby", tip.id);
  place(anchor);
};

const signOf = (target) => target.closest?.("[data-meaning-sign]");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const sign = signOf(event.target);
  if (sign && sign !== shownFor) show(sign);
  else if (!sign && shownFor && !tip.contains(event.target) && document.activeElement !== shownFor) hide();
});
document.addEventListener("focusin", ({ target }) => {
  hide();
  if (signOf(target) && target.matches(":focus-visible")) return show(target);
  const field = target.matches("input, select, textarea") && target.closest(".field[data-meaning]");
  const sign = field && field.querySelector("[data-meaning-sign]");
  if (sign) waiting = setTimeout(() => document.contains(sign) && show(sign), PAUSE);
});
document.addEventListener("focusout", hide);
document.addEventListener("input", hide);
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("click", (event) => {
  const sign = signOf(event.target);
  if (sign) show(sign);
  else if (!tip.contains(event.target)) hide();
});
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    hide();
    event.stopPropagation();
  },
  { capture: true },
);
