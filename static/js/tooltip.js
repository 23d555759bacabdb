// Beside the pointer: the text of [data-tip], the name of a control that shows an icon alone, and what is cut off.
// For everyone else the same text is in the chart's <title>, the control's label, or the element itself.
const CUT_OFF = ".truncate, .name-cell, .board-client";
const tip = document.createElement("div");
tip.className = "tooltip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

const iconName = (node) => {
  const control = node.closest("button[aria-label], a[aria-label], summary[aria-label]");
  return control && !control.textContent.trim() ? control.getAttribute("aria-label") : "";
};
const cutOff = (node) => {
  const element = node.closest(CUT_OFF);
  if (!element || element.title || element.scrollWidth <= element.clientWidth) return "";
  return element.textContent.trim().replace(/\s+/g, " ");
};
const textFor = (node) => node.closest?.("[data-tip]")?.dataset.tip || iconName(node) || cutOff(node);

if (window.matchMedia("(hover: hover)").matches) {
  document.addEventListener("mousemove", (event) => {
    const text = event.target.closest ? textFor(event.target) : "";
    tip.hidden = !text || event.buttons > 0;
    if (tip.hidden) return;
    tip.textContent = text;
    const above = event.clientY + 14 + tip.offsetHeight > window.innerHeight;
    tip.style.left = `${Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${above ? event.clientY - 10 - tip.offsetHeight : event.clientY + 14}px`;
  });
  for (const end of ["mouseleave", "pointerdown"]) document.addEventListener(end, () => (tip.hidden = true));
}
