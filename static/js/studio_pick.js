// [data-pick="indicator"] and [data-pick="dimension"] open the list of metrics; the one that is chosen is added at
// data-pick-path, without those that the scorecard reads already (data-pick-read).
import { pick } from "./metric_picker.js";

const root = document.getElementById("studio");
const { metrics } = JSON.parse(document.getElementById("cond-vocabulary").textContent);
let shares = null;

// The share of the book of which a metric is known is counted once a day or so, and only if somebody looks for one.
const knownShares = async () => {
  if (shares) return shares;
  try {
    const response = await fetch(`${root.dataset.studio}known/`);
    if (response.ok) shares = await response.json();
  } catch {
    // The list does without.
  }
  return shares ?? {};
};

const offered = (read, known) =>
  metrics
    .filter((metric) => metric.about === "facts" && !read.includes(metric.key))
    .map((metric) => ({ ...metric, unit: [metric.unit, known[metric.key]].filter(Boolean).join(" · ") }));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  const { pick: act, pickPath: path, pickRead: read } = button.dataset;
  const known = await knownShares();
  pick(button, offered(JSON.parse(read), known), (metric) => {
    const detail = { act: { act, path, metric: metric.key } };
    button.dispatchEvent(new CustomEvent("strata:edit", { bubbles: true, detail }));
  });
});
