// A condition as a tree that is edited, and back. Nothing here knows of the page.
//
// A group is {kind: "group", joiner: "all" | "any", not, partner, parts}, a rule {kind: "rule", not, metric, read, days, op,
// text, values, unit, kept}. `partner` groups are asked of another client, of a shared project ("partner") or of its group or
// tied to it ("connected"), `read` and `days` say what is asked of the metric (condition_readings.js). `text` is what was typed in the unit that the page shows, `values` are
// categories or the rank of a tier, `kept` is the condition that the rule stood for when it was complete last: it stays in
// force until it is so again. Functions are given the metrics by key and the kinds of readings, undefined where there are none.
import { numberOf, numbersOf, shown } from "./condition_numbers.js";
import { readReading, ruleOfReading } from "./condition_readings.js";

let made = 0;
const fresh = (node) => ({ id: `node-${(made += 1)}`, not: false, ...node });
const EMPTY = { kind: "rule", metric: "", read: "now", days: "", op: "", text: "", values: [], kept: null };
export const newRule = () => fresh({ ...EMPTY, values: [] });
const OTHERS = ["partner", "connected"];

export const newGroup = (joiner, parts, partner = false) => fresh({ kind: "group", joiner, parts, partner });

const negated = (condition) => ("not" in condition ? condition.not : { not: condition });
const ruleOf = (condition, metrics, kinds) => {
  const reading = ruleOfReading(condition, metrics, kinds);
  if (reading) return { ...newRule(), ...reading, kept: condition };
  const { metric, op, value, values, unit } = condition;
  const known = metrics.get(metric);
  const rule = { ...newRule(), metric, op, unit, kept: condition };
  const operands = values ?? (value === undefined ? [] : [value]);
  if (known?.kind === "number") rule.text = operands.map((each) => shown(each, known.scale)).join("; ");
  else rule.values = operands.map(String);
  return rule;
};

const nodeOf = (condition, metrics, kinds) => {
  if ("not" in condition) {
    const node = nodeOf(condition.not, metrics, kinds);
    if (node.kind === "rule" && node.op === "is_missing" && !node.not) return { ...node, op: "is_known", kept: condition };
    if (node.kind === "rule" && node.op === "is_known") return { ...node, op: "is_missing", kept: negated(node.kept) };
    return { ...node, not: !node.not };
  }
  for (const joiner of ["all", "any"]) {
    if (joiner in condition) return newGroup(joiner, condition[joiner].map((part) => nodeOf(part, metrics, kinds)));
  }
  const partner = OTHERS.find((others) => others in condition);
  if (partner) {
    const inner = nodeOf(condition[partner], metrics);
    return inner.kind === "group" && !inner.not ? { ...inner, partner } : newGroup("all", [inner], partner);
  }
  return ruleOf(condition, metrics, kinds);
};

// The tree of a condition, null for none; its root is a group always.
export const treeOf = (condition, metrics, kinds) => {
  const node = condition ? nodeOf(condition, metrics, kinds) : newGroup("all", []);
  return node.kind === "group" && !node.partner ? node : newGroup("all", [node]);
};

// What a rule says, or what it lacks: "metric", "op", "days", "value", "values" or "choice".
export const readRule = (rule, metrics, kinds) => {
  if (!rule.metric) return { lacks: "metric" };
  if (!rule.op) return { lacks: "op" };
  const reading = readReading(rule, metrics.get(rule.metric), kinds);
  if (reading) return reading;
  const { metric } = rule;
  if (rule.op === "is_missing") return { condition: { metric, op: "is_missing" } };
  if (rule.op === "is_known") return { condition: { not: { metric, op: "is_missing" } } };
  const known = metrics.get(metric);
  if (!known) return rule.kept ? { condition: rule.kept } : { lacks: "metric" };
  const unit = rule.unit ? { unit: rule.unit } : {};
  if (known.kind === "number") {
    if (rule.op === "in") {
      const values = numbersOf(rule.text, known.scale);
      return values ? { condition: { metric, op: "in", values } } : { lacks: "values" };
    }
    const value = numberOf(rule.text, known.scale);
    return value === null ? { lacks: "value" } : { condition: { metric, op: rule.op, value, ...unit } };
  }
  if (!rule.values.length) return { lacks: rule.op === "in" ? "values" : "choice" };
  if (rule.op === "in") return { condition: { metric, op: "in", values: [...rule.values] } };
  const value = known.kind === "rank" ? Number(rule.values[0]) : rule.values[0];
  return { condition: { metric, op: rule.op, value, ...unit } };
};

// The condition of a tree, null where nothing in it is complete. `open` counts the rules that are under construction.
export const conditionOf = (root, metrics, kinds) => {
  const found = { condition: null, open: 0 };
  const of = (node) => {
    if (node.kind === "group") {
      const parts = node.parts.map(of).filter(Boolean);
      return parts.length ? signed(node, joined(node, parts)) : null;
    }
    const { condition, lacks } = readRule(node, metrics, kinds);
    if (lacks) found.open += 1;
    else node.kept = condition;
    const now = condition ?? node.kept;
    return now ? signed(node, now) : null;
  };
  const whole = of(root);
  const alone = whole && !root.not && whole[root.joiner].length === 1;
  found.condition = alone ? whole[root.joiner][0] : whole;
  return found;
};
const joined = ({ joiner, partner }, parts) => {
  if (!partner) return { [joiner]: parts };
  return { [partner]: parts.length === 1 ? parts[0] : { [joiner]: parts } };
};
const signed = (node, condition) => (node.not ? negated(condition) : condition);

// How many levels deep a condition is nested.
export const depthOf = (condition) => {
  if ("not" in condition) return 1 + depthOf(condition.not);
  const parts = condition.all ?? condition.any;
  if (parts) return 1 + Math.max(0, ...parts.map(depthOf));
  const partner = OTHERS.find((others) => others in condition);
  return partner ? depthOf(condition[partner]) : 0;
};

const ordered = (key, value) =>
  value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
// Whether two conditions are written alike, whatever the order of their members.
export const isSame = (one, other) => JSON.stringify(one, ordered) === JSON.stringify(other, ordered);

export const find = (root, id) => {
  if (root.id === id) return { node: root, group: null };
  for (const part of root.parts ?? []) {
    if (part.id === id) return { node: part, group: root };
    const inside = part.kind === "group" ? find(part, id) : null;
    if (inside) return inside;
  }
  return null;
};

// What another metric leaves of a rule: an operator that it has too, and no value.
export const choose = (rule, metric, operators) => {
  const had = operators.some(([op]) => op === rule.op);
  const op = had ? rule.op : (operators[0]?.[0] ?? "holds");
  Object.assign(rule, { metric: metric.key, read: "now", days: "", op, text: "", values: [], unit: undefined });
};
