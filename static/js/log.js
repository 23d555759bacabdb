// "Log interaction" from anywhere: the dialog, the client found by typing, and the draft.
// A draft is kept in this tab's sessionStorage under the user's id and the client's: it outlives the dialog, a reload and
// the end of the session, is never sent anywhere before it is saved, and is gone with the tab. Another user's are let go.
const dialog = document.getElementById("log-dialog");
const KEPT = ["kind", "subject", "body", "outcome", "next_step", "next_due", "client", "client_name"];
const PREFIX = "log-draft:";

const form = () => document.querySelector("[data-log-form]");
const field = (name) => form()?.elements[name];
const keyOf = (client) => `${PREFIX}${form().dataset.user}:${client || "any"}`;

const letOthersGo = () => {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${form().dataset.user}:`)) sessionStorage.removeItem(key);
  }
};

const keep = () => {
  if (!form()) return;
  const said = Object.fromEntries(KEPT.map((name) => [name, field(name)?.value ?? ""]));
  if (!said.subject && !said.body && !said.next_step) return;
  sessionStorage.setItem(keyOf(form().dataset.opened), JSON.stringify(said));
};

const forget = () => form() && sessionStorage.removeItem(keyOf(form().dataset.opened));

const restore = () => {
  const kept = sessionStorage.getItem(keyOf(form().dataset.opened));
  if (!kept || field("subject").value || field("body").value) return;
  const said = JSON.parse(kept);
  for (const name of KEPT) if (said[name] && (name !== "client" || !field("client").value)) field(name).value = said[name];
  form().querySelector("[data-draft-note]").hidden = false;
  if (said.client && !form().dataset.opened) askWhoTookPart(said.client);
};

const askWhoTookPart = (client) => {
  const host = document.getElementById("log-participants");
  htmx.ajax("GET", `${host.dataset.address}?client=${client}`, { source: host, target: host, swap: "innerHTML" });
};

const choose = (option) => {
  field("client").value = option.dataset.client;
  field("client_name").value = option.dataset.name;
  field("client_name").removeAttribute("aria-invalid");
  close();
  askWhoTookPart(option.dataset.client);
  keep();
  field("subject").focus();
};

// Enter before the names have come chooses the first of them once they are there.
let awaited = false;
const awaitFirst = (typed) => {
  awaited = true;
  typed.dispatchEvent(new Event("combo-open"));
};

const list = () => document.getElementById("log-clients");
const options = () => [...list().querySelectorAll("[data-client]")];
const close = () => {
  list().hidden = true;
  field("client_name").setAttribute("aria-expanded", "false");
  field("client_name").removeAttribute("aria-activedescendant");
};
const point = (index) => {
  options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
  const option = options()[index];
  option?.scrollIntoView({ block: "nearest" });
  if (option) field("client_name").setAttribute("aria-activedescendant", option.id);
};

const ready = (opened) => {
  if (!form()) return;
  form().dataset.opened = opened;
  letOthersGo();
  restore();
  (form().querySelector("[aria-invalid=true]") ?? (field("client").value ? field("subject") : field("client_name"))).focus();
};

const open = async (client) => {
  await htmx.ajax("GET", `${dialog.dataset.address}${client ? `?client=${client}` : ""}`, { source: dialog, target: dialog, swap: "innerHTML" });
  if (!form()) return;
  if (!dialog.open) dialog.showModal();
  ready(client);
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-log]");
  if (opener && dialog && !(event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    open(opener.dataset.log);
  }
  const option = event.target.closest("#log-clients [data-client]");
  if (option) choose(option);
  else if (form() && !list().hidden && !event.target.closest(".combo")) close();
  if (event.target.closest("[data-draft-discard]")) {
    forget();
    open(form().dataset.opened);
  }
});

document.addEventListener("input", (event) => {
  if (!event.target.closest("[data-log-form]")) return;
  if (event.target.name === "client_name") {
    field("client").value = "";
    awaited = false;
  }
  keep();
});
document.addEventListener("change", (event) => event.target.closest("[data-log-form]") && keep());

document.addEventListener("focusin", (event) => {
  if (event.target.id === "log_client_name" && !event.target.value) event.target.dispatchEvent(new Event("combo-open"));
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "log-clients") {
    const typing = document.activeElement === field("client_name");
    list().hidden = !typing;
    field("client_name").setAttribute("aria-expanded", String(typing));
    if (typing) point(0);
    if (typing && awaited && options()[0]) choose(options()[0]);
    awaited = false;
  }
  if (event.target.id === "log-participants") {
    const source = event.target.querySelector("[data-mentions-source]");
    if (source) form().querySelector(".mention-host").dataset.mentionsOf = source.dataset.mentionsSource;
  }
  if (event.target.matches?.("[data-log-form]")) ready(event.target.dataset.opened ?? opened);
});

// The form that comes back refused is a new one: it keeps for whom it was opened.
let opened = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.matches?.("[data-log-form]")) opened = event.detail.target.dataset.opened ?? "";
});

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[data-log-form]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form().requestSubmit();
    return;
  }
  if (event.target.id !== "log_client_name") return;
  if (list().hidden) {
    if (event.key !== "Enter" || event.isComposing || !event.target.value || field("client").value) return;
    event.preventDefault();
    awaitFirst(event.target);
    return;
  }
  const at = options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") point((at + 1) % options().length);
  else if (event.key === "ArrowUp") point((at - 1 + options().length) % options().length);
  else if (event.key === "Enter" && !event.isComposing && options()[at]) choose(options()[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("logged", () => {
  forget();
  dialog.close();
  location.reload();
});

if (!dialog?.open && form()) ready("");
