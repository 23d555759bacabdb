// What a control of the studio holds, as JSON text, and the other way round. The attributes it goes by: studio.js.
const root = document.getElementById("studio");

// JSON text in one spelling: 40.0 and 40 are the same value.
export const canonical = (json) => (json === undefined ? undefined : JSON.stringify(JSON.parse(json)));

// What a control holds: {json}, its value as JSON text, undefined for “nothing stands here”; or {fault}, what is wrong.
const NUMBERS = new Set(["number", "points", "percent"]);
export const isNumber = (field) => NUMBERS.has(field.dataset.kind);
const scaleOf = (field) => (field.dataset.kind === "percent" ? 0.01 : Number(field.dataset.scale ?? 1));
const exact = (number) => Number(number.toPrecision(12));
export const typed = (number) => exact(number).toLocaleString("en", { useGrouping: false, maximumFractionDigits: 15 });
// Full-width digits and signs, as a Chinese keyboard writes them, and grouped thousands are numbers too.
const plain = (text) => text.normalize("NFKC").replace(/[\s,%]/g, "").replace("−", "-");

const empty = (field) => {
  if (field.dataset.empty === "remove") return { json: undefined };
  if (field.dataset.empty === "null") return { json: "null" };
  return { fault: isNumber(field) ? root.dataset.needsNumber : root.dataset.needsText };
};

const readNumber = (field) => {
  if (field.validity?.badInput) return { fault: root.dataset.needsNumber };
  const text = plain(field.value);
  if (!text) return empty(field);
  const number = Number(text);
  if (!Number.isFinite(number)) return { fault: root.dataset.needsNumber };
  const value = exact(number / scaleOf(field));
  return { json: JSON.stringify(field.dataset.kind === "percent" ? Math.round(value) : value) };
};

export const read = (field) => {
  if (isNumber(field)) return readNumber(field);
  if (field.dataset.kind === "flag") return field.checked ? { json: "true" } : field.dataset.empty ? {} : { json: "false" };
  const text = field.value.trim();
  if (!text) return empty(field);
  return { json: field.dataset.kind === "json" ? canonical(text) : JSON.stringify(text) };
};

// The other way round: what stands in the document, in the control.
export const write = (field, json) => {
  const value = json === undefined ? null : JSON.parse(json);
  if (field.dataset.kind === "flag") field.checked = value === true;
  else if (value === null) field.value = "";
  else if (isNumber(field)) field.value = typed(value * scaleOf(field));
  else field.value = field.dataset.kind === "json" ? json : value;
  field.dispatchEvent(new CustomEvent("strata:written", { bubbles: true }));
};
