// The impact of a draft: an answer about an older revision never takes the place of a newer one.
//
// Panels fetch themselves (hx-get on .impact-body) after `strata:edited`; the newest request ends the one before it
// (hx-sync on .impact). This guards what cannot be ended any more: an answer that is already on its way in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const shown = event.detail.target.closest(".impact")?.querySelector(".impact-body");
  const revision = event.detail.xhr.getResponseHeader("Impact-Revision");
  if (shown && revision !== null && Number(revision) < Number(shown.dataset.revision)) event.detail.shouldSwap = false;
});
