// Text of [data-tip] beside the pointer; the same text is in the chart's <title> for everyone else.
const tip = document.createElement("div");
tip.className = "tooltip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

document.addEventListener("mousemove", (event) => {
  const source = event.target.closest?.("[data-tip]");
  tip.hidden = !source;
  if (!source) return;
  tip.textContent = source.dataset.tip;
  tip.style.left = `${Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY + 14}px`;
});
