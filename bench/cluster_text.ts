import type { ClusterWork } from "./cluster_works.ts";
import { type Costs, predictSeconds } from "./cost_model.ts";
import { networks, nodeCounts, rates, speedup } from "./scaling.ts";

/** What the page about clusters says of costs: the fit, and predictions. */
export function clusterText(
  works: readonly ClusterWork[],
  { costs, hidden }: { readonly costs: Costs; readonly hidden: number },
): string {
  return [
    fitText(costs, hidden),
    checkTable(works, { costs, hidden }),
    ...stepTable(works, { costs, hidden }),
    predictionTable(costs),
  ].join("\n\n");
}

function fitText(costs: Costs, hidden: number): string {
  const { perTile, perStep, perByte, latency, efficiency } = costs;
  const widths = Object.keys(perTile).map((width) =>
    `width ${width}: ${digits(perTile[width]!)} s per tile of 256×256 and ` +
    `${digits(perStep[width]!)} s per step, on one core`
  );
  return [
    ...widths.map((line) => `- ${line}`),
    `- copying and adding: ${digits(1e9 * perByte)} s per GB of gradient`,
    `- a message: ${digits(1000 * latency)} ms`,
    `- share of a link that gradients get: ${(100 * efficiency).toFixed(0)} %`,
    hidden > 0
      ? `- hidden by the backward pass: as much of the network as fits into ` +
        `${(100 * hidden).toFixed(0)} % of the tiles' time`
      : "- hidden by the backward pass: not measured, so taken as nothing",
  ].join("\n");
}

/** Errors of predictions, by what was measured. */
function checkTable(
  works: readonly ClusterWork[],
  { costs, hidden }: { readonly costs: Costs; readonly hidden: number },
): string {
  const kindOf = ({ ranks, tiles, isBeside }: ClusterWork): string => {
    if (ranks === 1) return "steps of one process, processor time";
    if (tiles === 0) return "sums of 2 to 4 ranks, 100 to 1000 Mbit/s";
    return isBeside
      ? "steps of 2 ranks, sums beside the backward pass"
      : "steps of 2 ranks, sums after it";
  };
  const groups = Map.groupBy(works, kindOf);
  const row = ([name, group]: [string, ClusterWork[]]): string => {
    const checks = group.filter(({ role }) => role === "check");
    const errors = checks.map((work) =>
      predictSeconds(costs, work, work.isBeside ? hidden : 0) / work.seconds - 1
    ).sort((a, b) => Math.abs(a) - Math.abs(b));
    const cells = [
      ...[name, String(group.length - checks.length), String(checks.length)],
      percent(errors[errors.length >> 1] ?? 0),
      percent(errors.at(-1) ?? 0),
    ];
    return `| ${cells.join(" | ")} |`;
  };
  return [
    "| Measured | fitted | checked | median error | largest error |",
    "| --- | --- | --- | --- | --- |",
    ...[...groups].map(row),
  ].join("\n");
}

/** Every measured step over a limited link; none if none was measured. */
function stepTable(
  works: readonly ClusterWork[],
  { costs, hidden }: { readonly costs: Costs; readonly hidden: number },
): string[] {
  const steps = works.filter(({ ranks, tiles }) => ranks > 1 && tiles > 0);
  if (steps.length === 0) return [];
  const rows = steps.map((work) => {
    const { width, tiles, bitsPerSecond, isBeside, role, seconds } = work;
    const predicted = predictSeconds(costs, work, isBeside ? hidden : 0);
    const cells = [
      ...[width, tiles, `${bitsPerSecond / 1e6} Mbit/s`],
      isBeside ? "during" : "after",
      ...[`${digits(seconds)} s`, `${digits(predicted)} s`],
      role === "fit" ? "fitted" : "checked",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    [
      "| Width | Tiles per rank | Link | Sums | Measured step | Predicted | Used |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
  ];
}

/** How many times as fast as one node. */
function predictionTable(costs: Costs): string {
  const head = networks.flatMap(({ width }) =>
    rates.map((rate) => `${width} at ${rate} Gbit/s`)
  );
  const rows = nodeCounts.map((nodes) => {
    const cells = networks.flatMap((network) =>
      rates.map((rate) =>
        `${digits(speedup(costs, { ...network, rate, nodes }))} ×`
      )
    );
    return `| ${[String(nodes), ...cells].join(" | ")} |`;
  });
  return [
    `| Nodes, width | ${head.join(" | ")} |`,
    `| ${["---", ...head.map(() => "---")].join(" | ")} |`,
    ...rows,
  ].join("\n");
}

function digits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function percent(value: number): string {
  return `${value > 0 ? "+" : ""}${(100 * value).toFixed(0)} %`;
}
