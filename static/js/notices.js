// The bell: asks for news every few seconds while the page is seen, and says once what is bad and new.
const SECONDS = 5;
const REMEMBERED = 50;
const TOLD = "notices-told";
const bell = document.querySelector("[data-bell]");

const told = () => JSON.parse(sessionStorage.getItem(TOLD) ?? "[]");

const tell = (urgent) => {
  const known = told();
  const fresh = urgent.filter((notice) => !known.includes(notice.id));
  if (!fresh.length) return;
  sessionStorage.setItem(TOLD, JSON.stringify([...known, ...fresh.map((notice) => notice.id)].slice(-REMEMBERED)));
  for (const notice of fresh.reverse()) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { level: "warning", text: notice.text } }));
  }
};

const ring = (news) => {
  bell.dataset.since = news.token;
  bell.setAttribute("aria-label", news.label);
  bell.title = news.label;
  const count = bell.querySelector("[data-bell-count]");
  count.textContent = news.text;
  count.hidden = !news.text;
  tell(news.urgent);
};

let asking = null;

const ask = async () => {
  if (document.hidden || asking) return;
  asking = new AbortController();
  const late = setTimeout(() => asking?.abort(), SECONDS * 1000);
  try {
    const since = encodeURIComponent(bell.dataset.since);
    const answer = await fetch(`${bell.dataset.news}?since=${since}`, {
      headers: { "X-Background": "1" },
      redirect: "error",
      signal: asking.signal,
    });
    if (answer.status === 200) ring(await answer.json());
  } catch {
    // The network or the session is away: the bell stays as it is, and the next page says why.
  } finally {
    clearTimeout(late);
    asking = null;
  }
};

if (bell) {
  setInterval(ask, SECONDS * 1000);
  document.addEventListener("visibilitychange", ask);
}

// Following a notice marks it as read; the request outlives the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-notice]");
  if (!link) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  fetch(link.dataset.read, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ notice: link.dataset.notice, quiet: "1" }),
  }).catch(() => {});
});
