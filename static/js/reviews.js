// Tier reviews: the open row is marked, a rejection asks for its comment, decisions on several ask first.
const queueRow = (id) => document.querySelector(`.queue-row[data-proposal="${CSS.escape(id)}"]`);

const markOpenRow = () => {
  const open = document.querySelector("#review-detail [data-proposal]")?.dataset.proposal;
  for (const row of document.querySelectorAll(".queue-row[aria-current]")) row.removeAttribute("aria-current");
  if (!open) return null;
  const row = queueRow(open);
  row?.setAttribute("aria-current", "true");
  return row;
};

// A and R act on the selection while there is one: the bar's buttons come first in the page.
const armBulkButtons = () => {
  const bar = document.querySelector("[data-bulk-bar]");
  for (const button of bar?.querySelectorAll("[data-key]") ?? []) button.disabled = bar.hidden;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-needs-comment]");
  const comment = document.getElementById("decision-comment");
  if (!button || comment.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const error = document.getElementById("decision-error");
  error.textContent = button.dataset.needsComment;
  comment.setAttribute("aria-invalid", "true");
  comment.focus();
  comment.dataset.act = button.dataset.key;
}, true);

// Enter in the comment does what was begun by its key, and nothing else; Escape goes back to the keys.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "decision-comment") return;
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  const act = event.target.dataset.act;
  if (act) event.target.form.querySelector(`[data-key="${CSS.escape(act)}"]`)?.click();
});

document.addEventListener("change", () => queueMicrotask(armBulkButtons));
document.addEventListener("click", () => queueMicrotask(armBulkButtons));

// A refusal comes with the pane as it is now: show it, it is not a failure of the page.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.getResponseHeader("X-Refusal")) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target.id;
  if (target === "bulk-body") document.getElementById("bulk-dialog").showModal();
  if (target === "review-detail") document.getElementById("reviews").classList.add("is-opened");
  if (target === "review-detail" || target === "review-queue") markOpenRow();
  const isAnother = event.detail.requestConfig.verb === "get";
  if (target === "review-detail" && isAnother) document.getElementById("review-detail").scrollTop = 0;
});

document.addEventListener("htmx:afterSettle", (event) => {
  armBulkButtons();
  if (event.detail.elt.id !== "reviews") return;
  document.getElementById("bulk-dialog").close();
  const invalid = document.querySelector("#decision-comment[aria-invalid]");
  if (invalid) return invalid.focus();
  const link = markOpenRow()?.querySelector("a");
  if (link?.offsetParent) link.focus();
  else document.getElementById("review-detail").focus();
});

armBulkButtons();
