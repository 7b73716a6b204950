import type { Costs } from "./cost_model.ts";
import { networks, nodeCounts, rates, speedup } from "./scaling.ts";

const [panel, height, left, top] = [330, 250, 48, 34];
const colors: Readonly<Record<number, string>> = {
  1: "#b45309",
  10: "#0f766e",
  100: "#1d4ed8",
};

/** The doublings of nodes; speedups have one more, below 1. */
const doublings = Math.log2(nodeCounts.at(-1)!);

/**
 * Draws predicted speedups over nodes, a panel per width, as SVG; both axes
 * double.
 */
export function scalingChart(costs: Costs): string {
  const width = networks.length * panel + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 330" ` +
    `font-family="sans-serif" font-size="12" role="img" aria-label="Speedup ` +
    `over one node by nodes, for links of 1, 10 and 100 Gbit/s">`,
    `<rect width="${width}" height="330" fill="#fff"/>`,
    ...networks.map((network, i) => panelOf(costs, network, left + i * panel)),
    "</svg>\n",
  ].join("\n");
}

function panelOf(
  costs: Costs,
  network: typeof networks[number],
  from: number,
): string {
  const side = panel - left - 12;
  const x = (nodes: number): number =>
    from + Math.log2(nodes) / doublings * side;
  const y = (times: number): number =>
    top + height -
    Math.max(0, Math.log2(times) + 1) / (doublings + 1) * height;
  const ticks = [1, ...nodeCounts].map((nodes) =>
    `<path d="M${at(x(nodes))},${top}V${top + height}M${from},${
      at(y(nodes))
    }h${side}" stroke="#e5e7eb" fill="none"/>` +
    `<text x="${at(x(nodes))}" y="${top + height + 18}" ` +
    `text-anchor="middle">${nodes}</text>` +
    `<text x="${from - 6}" y="${at(y(nodes) + 4)}" ` +
    `text-anchor="end">${nodes}</text>`
  );
  const lines = rates.map((rate) => {
    const points = [1, ...nodeCounts].map((nodes) => {
      const times = nodes === 1
        ? 1
        : speedup(costs, { ...network, rate, nodes });
      return `${at(x(nodes))},${at(y(times))}`;
    });
    const [endX, endY] = points.at(-1)!.split(",").map(Number);
    return `<polyline points="${points.join(" ")}" fill="none" ` +
      `stroke="${colors[rate]}" stroke-width="2"/>` +
      `<text x="${endX! - 4}" y="${
        endY! + (rate === rates.at(-1) ? -6 : 15)
      }" text-anchor="end" ` +
      `fill="${colors[rate]}">${rate} Gbit/s</text>`;
  });
  return [
    ...ticks,
    `<path d="M${at(x(1))},${at(y(1))}L${at(x(2 ** doublings))},${
      at(y(2 ** doublings))
    }" stroke="#6b7280" stroke-dasharray="4 4" fill="none"/>`,
    ...lines,
    `<text x="${from}" y="${top - 14}" font-weight="bold">Width ` +
    `${network.width}: times as fast as one node</text>`,
    `<text x="${from + side / 2}" y="${top + height + 36}" ` +
    `text-anchor="middle">nodes</text>`,
  ].join("\n");
}

function at(value: number): string {
  return value.toFixed(1);
}
