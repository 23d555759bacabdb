// @mentions: in a [data-mentions] text within [data-mentions-of="address"], an @ and the beginning of a name offer the
// colleagues who may see the client. Arrow keys, Enter or Tab, Escape.
const MOST = 40;
const BEGUN = /(?:^|[^\w@.])@([\w.+\-\u4e00-\u9fff]{0,39})$/;
let list = null;
let asked = 0;

const drop = () => {
  list?.remove();
  list = null;
};

const begun = (text) => text.value.slice(0, text.selectionStart).match(BEGUN)?.[1];

const put = (text, username) => {
  const from = text.selectionStart - begun(text).length;
  text.setRangeText(`${username} `, from, text.selectionStart, "end");
  drop();
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
};

const point = (index) => [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));

const show = (text, people) => {
  drop();
  if (!people.length) return;
  list = document.createElement("div");
  list.className = "combo-list mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text.closest("[data-mentions-of]").dataset.mentionsLabel);
  for (const person of people) {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.append(person.name);
    const detail = document.createElement("span");
    detail.className = "muted secondary";
    detail.textContent = `@${person.username} · ${person.role}`;
    option.append(detail);
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      put(text, person.username);
    });
    option.dataset.username = person.username;
    list.append(option);
  }
  text.after(list);
  list.style.top = `${text.offsetTop + text.offsetHeight}px`; // below what is typed, whatever surrounds it
  point(0);
};

const ask = async (text) => {
  const host = text.closest("[data-mentions-of]");
  const term = begun(text);
  if (!host || term === undefined) return drop();
  const mine = ++asked;
  const answer = await fetch(`${host.dataset.mentionsOf}?q=${encodeURIComponent(term.slice(0, MOST))}`);
  if (mine !== asked || !answer.ok || begun(text) !== term) return;
  show(text, (await answer.json()).people);
};

document.addEventListener("input", (event) => event.target.matches?.("[data-mentions]") && ask(event.target));
document.addEventListener("focusout", (event) => event.target.matches?.("[data-mentions]") && drop());
document.addEventListener(
  "keydown",
  (event) => {
    if (!list || !event.target.matches("[data-mentions]")) return;
    const at = [...list.children].findIndex((one) => one.getAttribute("aria-selected") === "true");
    const count = list.children.length;
    if (event.key === "ArrowDown") point((at + 1) % count);
    else if (event.key === "ArrowUp") point((at - 1 + count) % count);
    else if (event.key === "Enter" || event.key === "Tab") put(event.target, list.children[at].dataset.username);
    else if (event.key === "Escape") drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
