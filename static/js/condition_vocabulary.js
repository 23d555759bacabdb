// What conditions are made of on this page: metrics by key, operators by kind, tiers, how deep groups may nest, the kinds of
// readings (undefined where values alone count), and the texts of templates/tiering/studio/_conditions_kit.html.
const told = JSON.parse(document.getElementById("cond-vocabulary").textContent);

export const { operators, tiers, depth, readings } = told;
export const metrics = new Map(told.metrics.map((metric) => [metric.key, metric]));
export const texts = document.getElementById("cond-texts").dataset;
