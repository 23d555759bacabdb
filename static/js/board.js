// The board: cards move by drag, by Alt+← and Alt+→, and by the ⋯ menu. The server decides; its answer carries the
// true card, so a refused or overtaken move shows where the case really is. The totals of columns follow.
const form = document.getElementById("move-form");
const menu = document.getElementById("move-menu");
const reasonDialog = document.getElementById("reason-dialog");
const missingDialog = document.getElementById("missing-dialog");
const board = () => document.getElementById("board");
const byStage = () => board().dataset.by === "stage";
const columns = () => [...document.querySelectorAll("[data-column]")];
const columnOf = (stage) => columns().find((column) => column.dataset.column === stage);
const cardsOf = (column) => column.querySelector("[data-cards]");
const movable = (node) => node.closest?.("[data-move-url]");

const toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
const failed = (reason) => toast({ level: "error", text: document.querySelector(".toasts").dataset[reason] });

// Positive where the card comes first: the larger amount, then the older case, as on the server.
const precedence = (card, other) =>
  Number(card.dataset.amount) - Number(other.dataset.amount) || idOf(other) - idOf(card);
const idOf = (card) => Number(card.id.slice("case-".length));

const place = (card) => {
  if (!byStage()) return;
  const column = columnOf(card.dataset.stage);
  if (!column) return card.remove();
  const list = cardsOf(column);
  const next = [...list.children].find(
    (other) => other !== card && (!other.id || precedence(card, other) > 0),
  );
  list.insertBefore(card, next ?? null);
};

const post = (card, stage, { key = "", comment = "" }) => {
  const body = new FormData(form);
  body.set("stage", stage);
  body.set("version", card.dataset.version);
  body.set("comment", comment);
  body.set("reason", key);
  return fetch(card.dataset.moveUrl + location.search, { method: "POST", body, headers: { "HX-Request": "true" } });
};

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

// Puts the answer's card in the place of the page's; gives the new one, or null if there was none.
const show = (card, html) => {
  const answer = parsed(html);
  const fresh = answer.getElementById(card.id);
  if (!fresh) return null;
  card.replaceWith(fresh);
  place(fresh);
  window.htmx?.process(fresh);
  const missing = answer.querySelector("[data-missing]");
  if (missing) tellMissing(missing);
  return fresh;
};

// What the columns come to is read over all their cases, so no card waits for it. Of several moves in a row the last
// answer counts, and where there is none, the next refresh tells.
let told = 0;
const tellTotals = async () => {
  const turn = ++told;
  try {
    const answer = await fetch(board().dataset.heads + location.search, { headers: { "X-Background": "1" }, redirect: "error" });
    const html = answer.ok ? await answer.text() : "";
    if (turn !== told) return;
    for (const head of parsed(html).querySelectorAll("[data-head]")) document.getElementById(head.id)?.replaceWith(head);
  } catch {
    // The network is away: the next act says so.
  }
};

// What the gates asked for stays until it is read: each part of it leads to where it is put right.
const tellMissing = (list) => {
  missingDialog.querySelector("[data-missing-body]").replaceChildren(list);
  missingDialog.showModal();
};

// Asks for one of the stage's reasons where it has any, and for a comment; null where the move is given up.
const askForReason = (stage, text) => {
  const comment = reasonDialog.querySelector("textarea");
  const choice = reasonDialog.querySelector("[data-reason-choice]");
  const select = choice.querySelector("select");
  const offered = [...select.options].filter((option) => option.dataset.stage);
  for (const option of offered) option.hidden = option.disabled = option.dataset.stage !== stage;
  choice.hidden = !offered.some((option) => !option.hidden);
  select.required = !choice.hidden;
  comment.required = choice.hidden;
  select.value = comment.value = "";
  reasonDialog.returnValue = "";
  reasonDialog.querySelector("[data-reason-text]").textContent = text;
  reasonDialog.showModal();
  return new Promise((resolve) => {
    reasonDialog.addEventListener(
      "close",
      () => resolve(reasonDialog.returnValue === "move" ? { key: select.value, comment: comment.value } : null),
      { once: true },
    );
  });
};

const goBack = (card) => {
  card.classList.remove("is-waiting");
  place(card);
};

const answered = async (card, stage, response) => {
  if (response.headers.get("HX-Redirect")) return location.assign(response.headers.get("HX-Redirect"));
  const message = JSON.parse(response.headers.get("HX-Trigger") ?? "{}").toast;
  if (!message) {
    goBack(card);
    return failed(response.status === 403 ? "forbidden" : "failed");
  }
  if (response.headers.get("X-Refusal") === "reason_missing") {
    const reason = await askForReason(stage, message.text);
    return reason ? move(card, stage, reason) : goBack(card);
  }
  if (response.headers.get("X-Refusal") !== "gate_not_met") toast(message);
  const fresh = show(card, await response.text());
  if (!byStage() && response.ok) await refresh();
  else tellTotals();
  return fresh;
};

const move = async (card, stage, reason = {}) => {
  if (stage === card.dataset.stage) return;
  const hadFocus = card.contains(document.activeElement);
  if (byStage()) cardsOf(columnOf(stage)).prepend(card);
  card.classList.add("is-waiting");
  let shown = card;
  try {
    shown = (await answered(card, stage, await post(card, stage, reason))) ?? card;
  } catch {
    goBack(card);
    failed("offline");
  }
  if (hadFocus || !document.activeElement || document.activeElement === document.body) {
    shown.querySelector?.("a")?.focus({ preventScroll: true });
  }
  shown.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  return shown;
};

// Drag. A swipe scrolls: touch starts a drag only after the browser's own long press.
let dragged = null;
const mark = (column) => columns().forEach((each) => each.classList.toggle("is-target", each === column));

document.addEventListener("dragstart", (event) => {
  dragged = movable(event.target);
  if (dragged && !byStage()) {
    event.preventDefault();
    dragged = null;
  }
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("a").textContent);
  dragged.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (column) event.preventDefault();
  if (dragged) mark(column);
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  move(dragged, column.dataset.column);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  mark(null);
  dragged = null;
});

// Alt and an arrow, with the focus anywhere in the card.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const card = event.altKey && step && byStage() && movable(event.target);
  if (!card) return;
  event.preventDefault();
  const next = columns()[columns().indexOf(card.closest("[data-column]")) + step];
  if (next && !card.classList.contains("is-waiting")) move(card, next.dataset.column);
});

// The ⋯ menu, one for all cards, beside the button that opened it.
let chosen = null;
const openMenu = (button) => {
  chosen = movable(button);
  for (const choice of menu.querySelectorAll("[data-to]")) choice.disabled = choice.dataset.to === chosen.dataset.stage;
  menu.showPopover();
  const at = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
  menu.querySelector("[data-to]:enabled")?.focus();
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move-menu]");
  if (button) return openMenu(button);
  const choice = event.target.closest("#move-menu [data-to]");
  if (!choice) return;
  menu.hidePopover();
  move(chosen, choice.dataset.to);
});

// A card that was moved into a column by hand comes again with that column's next page: the fresh one stays.
document.addEventListener("htmx:afterSettle", () => {
  const seen = new Map();
  for (const card of document.querySelectorAll("[data-cards] > [id]")) {
    seen.get(card.id)?.remove();
    seen.set(card.id, card);
  }
});

// What others moved: asked for every few seconds while the board is seen. The columns are fetched anew unless somebody is in
// the middle of a move, and what happened is said.
const SECONDS = 5;
const SAID = 3;
const isBusy = () => dragged || document.querySelector("dialog[open], .is-waiting, #move-menu:popover-open");

const refresh = async () => {
  const answer = await fetch(location.href, { headers: { "HX-Request": "true", "X-Background": "1" } });
  if (!answer.ok || isBusy()) return;
  const focused = document.activeElement?.closest?.("[data-row]")?.id;
  const scrolled = board().scrollLeft;
  const fresh = parsed(await answer.text()).getElementById("board");
  told += 1; // totals asked for before are older
  board().replaceWith(fresh);
  window.htmx?.process(fresh);
  fresh.scrollLeft = scrolled;
  if (focused) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
};

const askForNews = async () => {
  if (document.hidden || isBusy() || !board()?.dataset.news) return;
  try {
    const { news: page, since, recut } = board().dataset;
    const address = `${page}?since=${since}&recut=${recut}`;
    const answer = await fetch(address, { headers: { "X-Background": "1" }, redirect: "error" });
    if (!answer.ok) return;
    const news = await answer.json();
    if (!news.texts.length || isBusy()) return;
    board().dataset.since = news.since || since;
    board().dataset.recut = news.recut || recut;
    await refresh();
    for (const text of news.texts.slice(0, SAID)) toast({ level: "info", text });
  } catch {
    // The network or the session is away: the next act says why.
  }
};
setInterval(askForNews, SECONDS * 1000);
document.addEventListener("visibilitychange", askForNews);
