// Conditions put together by hand: groups of rules, each rule a metric, a comparison and a value. [data-cond] holds the
// field (studio.js saves it as any other, a form sends it) and the tree that is drawn from it; what is not complete yet is
// not saved.
import { drawGroup, sightOfRule, tellChosen, tellLack } from "./condition_drawing.js";
import { isChange } from "./condition_readings.js";
import { choose, conditionOf, depthOf, find, isSame, newGroup, newRule, treeOf } from "./condition_tree.js";
import { depth, metrics, operators, readings, texts } from "./condition_vocabulary.js";
import { ask } from "./condition_words.js";
import { pick } from "./metric_picker.js";

const YEAR = "365";
const trees = new WeakMap();
// What is under construction outlives a section that is fetched anew, as long as the stored condition is the same; that
// of an entry which is only being made, until it is made.
const underWay = new Map();

const fieldOf = (builder) => builder.querySelector("[data-cond-field]");
const storedIn = (field) => (field.value ? JSON.parse(field.value) : null);

// Drawing
const draw = (builder, focus) => {
  const tree = trees.get(builder);
  builder.querySelector("[data-cond-tree]").replaceChildren(drawGroup(tree, Number(tree.not), true));
  tellState(builder);
  if (focus) focusOn(builder, ...focus);
};

const focusOn = (builder, id, role) => {
  const element = builder.querySelector(`[data-node="${id}"]`);
  (element?.querySelector(role) ?? element?.querySelector("button"))?.focus();
};

// Saving
const tellState = (builder) => {
  const tree = trees.get(builder);
  const { condition, open } = conditionOf(tree, metrics, readings);
  const state = builder.querySelector("[data-cond-state]");
  const deep = condition !== null && depthOf(condition) > depth;
  const field = fieldOf(builder);
  const isStored = "path" in field.dataset;
  const bare = condition === null && "needed" in builder.dataset && isStored;
  state.textContent = deep ? texts.deep : bare ? texts.bare : open && (isStored || (field.name && condition)) ? texts.open : "";
  state.hidden = !state.textContent;
  return { condition, open, unusable: deep || bare };
};

const save = (builder, typed = false) => {
  const field = fieldOf(builder);
  const tree = trees.get(builder);
  const { condition, open, unusable } = tellState(builder);
  underWay.set(field.id, tree);
  const waits = condition === null && tree.parts.length > 0;
  if (!unusable && !waits) {
    field.value = condition ? JSON.stringify(condition) : "";
    field.dispatchEvent(new Event(typed ? "input" : "change", { bubbles: true }));
  }
  builder.dispatchEvent(new CustomEvent("strata:condition", { bubbles: true, detail: { condition, open, unusable } }));
  ask(fieldOf(builder));
};

// Acting
const builderOf = (event) => event.target.closest?.("[data-cond]");
const nodeAt = (builder, element) => find(trees.get(builder), element.closest("[data-node]").dataset.node);

const add = (builder, group, part, id) => {
  group.parts.push(part);
  draw(builder, [id, "[data-cond-metric]"]);
  save(builder);
};

const askOthers = (builder, node, partner) => {
  const rule = newRule();
  add(builder, node, newGroup("all", [rule], partner), rule.id);
};

const acts = {
  rule: (builder, { node }) => {
    const rule = newRule();
    add(builder, node, rule, rule.id);
  },
  group: (builder, { node }) => {
    const rule = newRule();
    add(builder, node, newGroup(node.joiner === "all" ? "any" : "all", [rule]), rule.id);
  },
  partner: (builder, { node }) => askOthers(builder, node, "partner"),
  connected: (builder, { node }) => askOthers(builder, node, "connected"),
  not: (builder, { node }) => {
    node.not = !node.not;
    draw(builder, [node.id, ":scope > [data-cond-do=not], :scope > .cond-head > [data-cond-do=not]"]);
    save(builder);
  },
  remove: (builder, { node, group }) => {
    const at = group.parts.indexOf(node);
    group.parts.splice(at, 1);
    const next = group.parts[at] ?? group.parts[at - 1];
    if (next) draw(builder, [next.id, "[data-cond-metric], [data-cond-joiner]"]);
    else draw(builder, [group.id, ":scope > .cond-foot > [data-cond-do=rule]"]);
    save(builder);
  },
};

const chooseMetric = (builder, rule, button) => {
  const about = builder.dataset.about;
  const ofPartner = button.closest(".is-partner") !== null;
  const fits = (metric) => (about === "moves" || metric.about === "facts") && !(ofPartner && metric.stands);
  pick(button, [...metrics.values()].filter(fits), (metric) => {
    if (metric.key !== rule.metric) choose(rule, metric, operators[metric.kind] ?? []);
    draw(builder, [rule.id, "[data-cond-op]"]);
    save(builder);
  });
};

// Another reading of the same metric: the operator stays where it has that too, the number does not.
const readAs = (rule, read) => {
  const had = isChange({ read }) === isChange(rule);
  Object.assign(rule, { read, values: [], days: isChange({ read }) ? rule.days || YEAR : "", ...(!had && { text: "" }) });
  const known = operators[sightOfRule(rule).kind];
  if (!known.some(([op]) => op === rule.op)) rule.op = known[0][0];
};

document.addEventListener("click", (event) => {
  const builder = builderOf(event);
  if (!builder) return;
  const metric = event.target.closest("[data-cond-metric]");
  if (metric) return chooseMetric(builder, nodeAt(builder, metric).node, metric);
  const joiner = event.target.closest("[data-cond-joiner]");
  if (joiner) {
    const { node } = nodeAt(builder, joiner);
    node.joiner = joiner.dataset.condJoiner;
    draw(builder, [node.id, `:scope > .cond-head [data-cond-joiner=${node.joiner}]`]);
    return save(builder);
  }
  const button = event.target.closest("[data-cond-do]");
  if (button) acts[button.dataset.condDo](builder, nodeAt(builder, button));
});

document.addEventListener("input", (event) => {
  const builder = builderOf(event);
  if (!builder || !event.target.matches("[data-cond-number], [data-cond-days]")) return;
  const { node } = nodeAt(builder, event.target);
  node[event.target.matches("[data-cond-days]") ? "days" : "text"] = event.target.value;
  tellLack(event.target.closest("[data-node]"), node);
  save(builder, true);
});

document.addEventListener("change", (event) => {
  const builder = builderOf(event);
  if (!builder || event.target.matches("[data-cond-field]")) return;
  const { node } = nodeAt(builder, event.target);
  if (event.target.matches("[data-cond-op]")) {
    node.op = event.target.value;
    if (node.op !== "in") node.values = node.values.slice(0, 1);
    draw(builder, [node.id, "[data-cond-op]"]);
  } else if (event.target.matches("[data-cond-read]")) {
    readAs(node, event.target.value);
    draw(builder, [node.id, "[data-cond-read]"]);
  } else if (event.target.matches("[data-cond-choice]")) {
    node.values = [event.target.value];
  } else if (event.target.matches("[data-cond-many] input")) {
    const many = event.target.closest("[data-cond-many]");
    node.values = [...many.querySelectorAll("input:checked")].map((box) => box.value);
    tellChosen(many, node, metrics.get(node.metric));
  } else if (event.target.matches("[data-cond-number], [data-cond-days]")) return fieldOf(builder).dispatchEvent(new Event("change", { bubbles: true }));
  tellLack(builder.querySelector(`[data-node="${node.id}"]`), node);
  save(builder);
});

// What somebody else wrote, an undo, a conflict that was settled.
document.addEventListener("strata:written", (event) => {
  const builder = event.target.matches("[data-cond-field]") && builderOf(event);
  if (!builder) return;
  trees.set(builder, treeOf(storedIn(event.target), metrics, readings));
  underWay.delete(event.target.id);
  draw(builder);
  ask(fieldOf(builder));
});

const setUp = (within) => {
  for (const builder of within.querySelectorAll("[data-cond]")) {
    const field = fieldOf(builder);
    const waiting = underWay.get(field.id);
    const { condition } = waiting ? conditionOf(waiting, metrics, readings) : {};
    if (waiting && !field.dataset.path && condition) field.value = JSON.stringify(condition);
    const tree = waiting && isSame(condition, storedIn(field)) ? waiting : treeOf(storedIn(field), metrics, readings);
    // What needs rules begins with one to fill in.
    if (!tree.parts.length && "needed" in builder.dataset) tree.parts.push(newRule());
    trees.set(builder, tree);
    draw(builder);
    ask(fieldOf(builder));
  }
};
document.addEventListener("strata:rendered", (event) => setUp(event.target));
// A new entry was made of it.
document.addEventListener("strata:taken", (event) => {
  for (const field of event.target.querySelectorAll("[data-cond-field]")) underWay.delete(field.id);
});
setUp(document);
