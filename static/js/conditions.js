// Conditions put together by hand: groups of rules, each rule a metric, a comparison and a value. [data-cond] holds the
// field (studio.js saves it as any other) and the tree that is drawn from it; what is not complete yet is not saved.
import { choose, conditionOf, depthOf, find, isSame, newGroup, newRule, readRule, treeOf } from "./condition_tree.js";
import { ask } from "./condition_words.js";
import { pick } from "./metric_picker.js";

const { metrics: offered, operators, tiers, depth } = JSON.parse(document.getElementById("cond-vocabulary").textContent);
const texts = document.getElementById("cond-texts").dataset;
const metrics = new Map(offered.map((metric) => [metric.key, metric]));

const trees = new WeakMap();
// What is under construction outlives a section that is fetched anew, as long as the stored condition is the same; that
// of an entry which is only being made, until it is made.
const underWay = new Map();

const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const fieldOf = (builder) => builder.querySelector("[data-cond-field]");
const storedIn = (field) => (field.value ? JSON.parse(field.value) : null);

// Drawing
const controls = {
  number: (rule, known) => {
    const control = stamp("cond-number");
    const input = control.querySelector("input");
    input.value = rule.text;
    input.dataset.role = "value";
    control.querySelector("[data-unit]").textContent = known.unit;
    return control;
  },
  rank: (rule) => {
    const control = stamp("cond-choice");
    control.append(...tiers.map((tier, rank) => new Option(`${tier.key} · ${tier.label}`, String(rank))));
    control.value = rule.values[0] ?? "";
    return control;
  },
  category: (rule, known) => (rule.op === "in" ? manyOf(rule, known) : oneOf(rule, known)),
};

const oneOf = (rule, known) => {
  const control = stamp("cond-choice");
  control.append(...Object.entries(known.categories).map(([key, label]) => new Option(label, key)));
  control.value = rule.values[0] ?? "";
  return control;
};

const manyOf = (rule, known) => {
  const control = stamp("cond-many");
  const panel = control.querySelector(".menu-panel");
  for (const [key, label] of Object.entries(known.categories)) {
    const choice = stamp("cond-many-choice");
    const box = choice.querySelector("input");
    box.value = key;
    box.checked = rule.values.includes(key);
    choice.querySelector("span").textContent = label;
    panel.append(choice);
  }
  tellChosen(control, rule, known);
  return control;
};

const tellChosen = (control, rule, known) => {
  const chosen = rule.values.map((key) => known.categories[key] ?? key).join(texts.between);
  control.querySelector("[data-chosen]").textContent = chosen || texts.choose;
};

const drawRule = (rule) => {
  const element = stamp("cond-rule");
  const known = metrics.get(rule.metric);
  element.dataset.node = rule.id;
  const metric = element.querySelector("[data-cond-metric]");
  metric.querySelector("[data-label]").textContent = known?.label ?? (rule.metric || texts.metric);
  metric.classList.toggle("is-empty", !rule.metric);
  if (known) metric.title = known.help;
  const negation = element.querySelector("[data-cond-do=not]");
  negation.setAttribute("aria-pressed", String(rule.not));
  const comparison = element.querySelector("[data-cond-op]");
  comparison.hidden = !known;
  if (known) {
    comparison.append(...operators[known.kind].map(([op, text]) => new Option(text, op)));
    comparison.value = rule.op;
    if (!rule.op.startsWith("is_")) element.querySelector("[data-cond-value]").append(controls[known.kind](rule, known));
  }
  element.querySelector("[data-cond-do=remove]").setAttribute("aria-label", texts.removeRule.replace("{metric}", known?.label ?? texts.rule));
  for (const [role, control] of Object.entries({ metric, not: negation, op: comparison, value: element.querySelector("[data-cond-value] :is(input, select, summary)") })) {
    if (control) control.id = `${rule.id}-${role}`;
  }
  tellLack(element, rule);
  return element;
};

const tellLack = (element, rule) => {
  const { lacks } = readRule(rule, metrics);
  const told = element.querySelector("[data-cond-lacks]");
  told.textContent = (lacks && texts[`lacks${lacks[0].toUpperCase()}${lacks.slice(1)}`]) || "";
  told.hidden = !told.textContent;
};

const drawGroup = (group, level, isRoot) => {
  const element = stamp("cond-group");
  element.dataset.node = group.id;
  element.classList.toggle("is-root", isRoot);
  const loose = isRoot && group.parts.length < 2 && !group.not;
  element.querySelector(":scope > .cond-head").hidden = loose;
  for (const button of element.querySelectorAll("[data-cond-joiner]")) {
    button.setAttribute("aria-pressed", String(button.dataset.condJoiner === group.joiner));
  }
  element.querySelector("[data-cond-do=not]").setAttribute("aria-pressed", String(group.not));
  element.querySelector(".cond-head > [data-cond-do=remove]").hidden = isRoot;
  const parts = group.parts.map((part, at) => {
    const item = stamp("cond-part");
    item.querySelector("[data-joint]").textContent = at ? texts[group.joiner] : "";
    item.append(part.kind === "group" ? drawGroup(part, level + 1 + Number(part.not), false) : drawRule(part));
    return item;
  });
  element.querySelector(".cond-parts").append(...parts);
  element.querySelector(".cond-parts").classList.toggle("is-joined", parts.length > 1);
  const deep = level + 3 > depth;
  element.querySelector("[data-cond-do=group]").disabled = deep;
  element.querySelector("[data-cond-deep]").hidden = !deep;
  return element;
};

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
  const { condition, open } = conditionOf(tree, metrics);
  const state = builder.querySelector("[data-cond-state]");
  const deep = condition !== null && depthOf(condition) > depth;
  const bare = condition === null && "needed" in builder.dataset && "path" in fieldOf(builder).dataset;
  state.textContent = deep ? texts.deep : bare ? texts.bare : open && "path" in fieldOf(builder).dataset ? texts.open : "";
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

const acts = {
  rule: (builder, { node }) => {
    const rule = newRule();
    add(builder, node, rule, rule.id);
  },
  group: (builder, { node }) => {
    const rule = newRule();
    add(builder, node, newGroup(node.joiner === "all" ? "any" : "all", [rule]), rule.id);
  },
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
  pick(button, offered.filter((metric) => about === "moves" || metric.about === "facts"), (metric) => {
    if (metric.key !== rule.metric) choose(rule, metric, operators[metric.kind]);
    draw(builder, [rule.id, "[data-cond-op]"]);
    save(builder);
  });
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
  if (!builder || !event.target.matches("[data-cond-number]")) return;
  const { node } = nodeAt(builder, event.target);
  node.text = event.target.value;
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
  } else if (event.target.matches("[data-cond-choice]")) {
    node.values = [event.target.value];
  } else if (event.target.matches("[data-cond-many] input")) {
    const many = event.target.closest("[data-cond-many]");
    node.values = [...many.querySelectorAll("input:checked")].map((box) => box.value);
    tellChosen(many, node, metrics.get(node.metric));
  } else if (event.target.matches("[data-cond-number]")) return fieldOf(builder).dispatchEvent(new Event("change", { bubbles: true }));
  tellLack(builder.querySelector(`[data-node="${node.id}"]`), node);
  save(builder);
});

// What somebody else wrote, an undo, a conflict that was settled.
document.addEventListener("strata:written", (event) => {
  const builder = event.target.matches("[data-cond-field]") && builderOf(event);
  if (!builder) return;
  trees.set(builder, treeOf(storedIn(event.target), metrics));
  underWay.delete(event.target.id);
  draw(builder);
  ask(fieldOf(builder));
});

const setUp = (within) => {
  for (const builder of within.querySelectorAll("[data-cond]")) {
    const field = fieldOf(builder);
    const waiting = underWay.get(field.id);
    const { condition } = waiting ? conditionOf(waiting, metrics) : {};
    if (waiting && !field.dataset.path && condition) field.value = JSON.stringify(condition);
    const tree = waiting && isSame(condition, storedIn(field)) ? waiting : treeOf(storedIn(field), metrics);
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
