// Metrics to compare clients by: chosen from the list, each a hidden field that can be taken out again.
import { pick } from "./metric_picker.js";

const chosen = document.getElementById("chosen-metrics");
const template = document.getElementById("chosen-metric");
const button = document.querySelector("[data-pick-metric]");
const metrics = JSON.parse(document.getElementById("offered-metrics").textContent);
const most = Number(chosen.dataset.most);

const keys = () => [...chosen.querySelectorAll("input")].map((field) => field.value);
const count = () => {
  button.disabled = keys().length >= most;
};

button.addEventListener("click", () => {
  const taken = keys();
  pick(button, metrics.filter((metric) => !taken.includes(metric.key)), (metric) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector("input").value = metric.key;
    item.querySelector("[data-label]").textContent = metric.label;
    item.querySelector("[data-name]").textContent = metric.label;
    chosen.append(item);
    count();
  });
});
chosen.addEventListener("click", (event) => {
  const item = event.target.closest("[data-remove]")?.closest("li");
  if (!item) return;
  item.remove();
  count();
  button.focus();
});
count();
