// Edges of bands moved in their drawing, by pointer or by arrow keys. While an edge moves, its field and the neighbours in
// the drawing follow; what is saved is the field (studio.js), once the edge rests.
import { typed } from "./studio_values.js";

const SETTLE = 400;
const WIDTH = 1000; // of the shared drawing, as in tiering/pages/studio_chart.py

const plotOf = (handle) => handle.closest("[data-plot]");
const fieldOf = (handle) => document.getElementById(`at-${handle.dataset.edgeOf}/bands/${handle.dataset.position}/lo`);

const axisOf = (plot) => {
  const [low, high, bend] = [plot.dataset.low, plot.dataset.high, plot.dataset.bend].map(Number);
  const bent = (value) => (bend ? Math.asinh(value / bend) : value);
  const [from, to] = [bent(low), bent(high)];
  return {
    share: (value) => Math.min(1, Math.max(0, (bent(value) - from) / (to - from))),
    value: (share) => (bend ? Math.sinh(from + share * (to - from)) * bend : from + share * (to - from)),
  };
};

// A number that one would choose by hand: as coarse as a pixel of the drawing.
const nice = (value, room) => {
  if (!room) return value;
  const power = 10 ** Math.floor(Math.log10(room));
  const step = [5, 2, 1].map((part) => part * power).find((each) => each <= room) ?? power;
  return Number((Math.round(value / step) * step).toPrecision(12));
};

const rangeOf = (handle) => {
  const plot = plotOf(handle);
  const at = Number(handle.dataset.position);
  const beside = (position) => plot.querySelector(`[data-position="${position}"]`);
  const value = (other, end) => (other ? Number(other.getAttribute("aria-valuenow")) : end);
  return [value(beside(at - 1), -Infinity), value(beside(at + 1), Infinity)];
};

const tell = (handle, value) => {
  const { scale, unit, mark } = handle.closest("figure").dataset;
  const number = typed(value * Number(scale));
  handle.setAttribute("aria-valuenow", String(value));
  handle.setAttribute("aria-valuetext", `${number}${unit}`);
  handle.querySelector(".plot-value").textContent = `${number}${mark}`;
};

const drawn = (plot) => document.getElementById(`plot-${plot.dataset.plot}`);

// The bands on both sides of an edge, in the shared drawing, and the points that stand in them.
const redraw = (plot, axis) => {
  const edges = [...plot.querySelectorAll("[data-position]")].map((handle) => Number(handle.getAttribute("aria-valuenow")));
  const stops = [0, ...edges.map(axis.share), 1];
  const rects = drawn(plot).querySelectorAll(".plot-band");
  rects.forEach((rect, at) => {
    rect.setAttribute("x", String(stops[at] * WIDTH));
    rect.setAttribute("width", String(Math.max(0, stops[at + 1] - stops[at]) * WIDTH));
  });
  for (const text of plot.querySelectorAll(".plot-earned")) {
    const at = Number(text.dataset.band);
    text.setAttribute("x", `${(stops[at] + stops[at + 1]) * 50}%`);
  }
};

const put = (handle, value) => {
  const plot = plotOf(handle);
  const axis = axisOf(plot);
  tell(handle, value);
  handle.setAttribute("x", `${axis.share(value) * 100}%`);
  redraw(plot, axis);
  const field = fieldOf(handle);
  field.value = typed(value * Number(field.dataset.scale ?? 1));
  field.dataset.dirty = "";
};

const save = (handle) => fieldOf(handle).dispatchEvent(new Event("change", { bubbles: true }));

const moveTo = (handle, share, fineness) => {
  const plot = plotOf(handle);
  const axis = axisOf(plot);
  const pixel = fineness / plot.getBoundingClientRect().width;
  const room = Math.abs(axis.value(Math.min(1, share + pixel)) - axis.value(Math.max(0, share - pixel)));
  const value = nice(axis.value(Math.min(1, Math.max(0, share))), room);
  const [low, high] = rangeOf(handle);
  if (value > low && value < high && value !== Number(handle.getAttribute("aria-valuenow"))) put(handle, value);
};

let dragged = null;
document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-edge-of]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  dragged = handle;
  handle.dataset.dragging = "";
  handle.setPointerCapture(event.pointerId);
  handle.focus({ preventScroll: true });
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { left, width } = plotOf(dragged).getBoundingClientRect();
  moveTo(dragged, (event.clientX - left) / width, 2);
});
const drop = () => {
  if (!dragged) return;
  delete dragged.dataset.dragging;
  save(dragged);
  dragged = null;
};
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

let settling = null;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-edge-of]");
  const step = STEPS[event.key];
  if (!handle || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const axis = axisOf(plotOf(handle));
  const share = axis.share(Number(handle.getAttribute("aria-valuenow")));
  const pixels = step * (event.shiftKey ? 10 : 1) * 4;
  handle.dataset.dragging = "";
  moveTo(handle, share + pixels / plotOf(handle).getBoundingClientRect().width, 2);
  clearTimeout(settling);
  settling = setTimeout(() => {
    delete handle.dataset.dragging;
    save(handle);
  }, SETTLE);
});

// An edge that is typed moves in the drawing, too.
document.addEventListener("strata:written", (event) => {
  const path = event.target.dataset?.path ?? "";
  const found = /^(.*)\/bands\/(\d+)\/lo$/.exec(path);
  const handle = found && document.getElementById(`edge-${found[1]}-${found[2]}`);
  if (!handle) return;
  const value = Number(event.target.dataset.was);
  tell(handle, value);
  handle.setAttribute("x", `${axisOf(plotOf(handle)).share(value) * 100}%`);
  redraw(plotOf(handle), axisOf(plotOf(handle)));
});
