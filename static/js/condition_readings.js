// What early warnings ask beside the value of a metric (tiering/core/warning_readings.py): how it changed since a day, what
// share it is of what it was then, how old it is; and what is chosen like a metric and `stands` for JSON of its own. A rule
// says which by `read` ("now", "difference", "ratio", "age") and `days`. Where `kinds` are undefined, values alone count.
import { numberOf, shown } from "./condition_numbers.js";

// How a rule is compared, as a metric would be: {kind, scale, unit}. `kind` names operators and control.
export const sightOf = (rule, known, kinds) => {
  if (!kinds || rule.read === "now") return known;
  if (rule.read === "age") return { kind: "over", scale: 1, unit: kinds.age.unit };
  if (rule.read === "ratio") return { kind: "change", scale: kinds.ratio.scale, unit: kinds.ratio.unit };
  if (known.kind === "number") return { kind: "change", scale: known.scale, unit: known.unit };
  return { kind: "change", scale: 1, unit: kinds.difference.unit };
};

export const isChange = (rule) => rule.read === "difference" || rule.read === "ratio";

const stands = (metrics, condition) =>
  [...metrics.values()].find((metric) => Object.entries(metric.stands ?? {}).some(([key, value]) => condition[key] === value));

// The fields of the rule that a reading is; null for what is none.
export const ruleOfReading = (condition, metrics, kinds) => {
  if (!kinds) return null;
  const { change, age, days, op, value } = condition;
  const read = change ? condition.as : age ? "age" : "now";
  const known = change || age ? metrics.get(change ?? age) : stands(metrics, condition);
  if (!known || (read === "now" && !known.stands)) return null;
  const rule = { metric: known.key, read, days: days === undefined ? "" : String(days), op: change ? op : ">" };
  const { scale } = sightOf(rule, known, kinds);
  const number = change ? value : condition[">"];
  return { ...rule, text: number === undefined ? "" : shown(number, scale) };
};

// What a rule that is a reading says, or what it lacks; null for one that compares a value.
export const readReading = (rule, known, kinds) => {
  if (!kinds || (rule.read === "now" && !known?.stands)) return null;
  if (known.kind === "state") return { condition: known.stands };
  const days = isChange(rule) ? numberOf(rule.days) : null;
  if (isChange(rule) && (!Number.isInteger(days) || days < 1)) return { lacks: "days" };
  const value = numberOf(rule.text, sightOf(rule, known, kinds).scale);
  if (value === null) return { lacks: "value" };
  if (isChange(rule)) return { condition: { change: rule.metric, days, as: rule.read, op: rule.op, value } };
  return { condition: { ...(known.stands ?? { age: rule.metric }), ">": value } };
};
