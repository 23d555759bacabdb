// Messages: rendered by the page, or sent with an htmx answer as HX-Trigger {"toast": {"level", "text"}}.
const region = document.querySelector(".toasts");
const template = document.getElementById("toast-template");
const SECONDS_SHOWN = 6;

const leaveLater = (toast) => {
  if (toast.dataset.level === "error" || toast.dataset.level === "warning") return;
  setTimeout(() => toast.remove(), SECONDS_SHOWN * 1000);
};

const show = (text, level = "success") => {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.querySelector("[data-toast-text]").textContent = text;
  region.append(toast);
  leaveLater(toast);
};

if (region) {
  region.querySelectorAll(".toast").forEach(leaveLater);
  region.addEventListener("click", (event) => {
    if (event.target.closest(".toast-close")) event.target.closest(".toast").remove();
  });
  document.addEventListener("toast", (event) => show(event.detail.text, event.detail.level));
  // A request that failed is never silent: the texts for it come with the page.
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const text = status === 403 ? region.dataset.forbidden : region.dataset.failed;
    show(event.detail.xhr.getResponseHeader("X-Message") || text, "error");
  });
  document.addEventListener("htmx:sendError", () => show(region.dataset.offline, "error"));
}
