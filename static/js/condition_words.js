// The sentence of a condition and how many clients it describes, wherever the page tells them: asked for all fields that
// changed at once, and kept for as long as the page is open.
const { conditions: url } = document.querySelector("[data-conditions]").dataset;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const ASK_AFTER = 200;

const asked = new Set();
const known = new Map();
let timer = null;
let request = null;

const tell = (field) => {
  const answer = field.value ? known.get(field.value) : { words: field.dataset.without, count: "" };
  if (!answer) return false;
  for (const words of document.querySelectorAll(`[data-words-of="${CSS.escape(field.id)}"]`)) words.textContent = answer.words;
  for (const count of document.querySelectorAll(`[data-count-of="${CSS.escape(field.id)}"]`)) {
    count.textContent = answer.count;
    count.classList.toggle("chip-warn", Boolean(answer.none));
    count.hidden = !answer.count;
  }
  return true;
};

// What is asked for anew while an answer is under way comes with the next one.
const askNow = async () => {
  const fields = [...asked].filter((field) => field.isConnected && field.value);
  const conditions = [...new Set(fields.map((field) => field.value))];
  if (!conditions.length) return asked.clear();
  request?.abort();
  request = new AbortController();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: `{"conditions": [${conditions.join(", ")}]}`,
      redirect: "error",
      signal: request.signal,
    });
    if (!response.ok) return;
    const { told } = await response.json();
    conditions.forEach((condition, at) => known.set(condition, told[at]));
    for (const field of fields) if (tell(field)) asked.delete(field);
  } catch {
    // Another one took its place, or the server cannot be reached: what is asked for stays so until the next change.
  }
};

export const ask = (field) => {
  if (tell(field)) return;
  asked.add(field);
  clearTimeout(timer);
  timer = setTimeout(askNow, ASK_AFTER);
};
