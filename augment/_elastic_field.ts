import type { Random } from "@unet/random";
import type { ElasticSettings } from "./settings.ts";

/**
 * Displacements in pixels as a uniform cubic B-spline: node (row j, column i)
 * stands at pixel ((j − 1) · spacing, (i − 1) · spacing).
 */
export interface ElasticField {
  readonly spacing: number;
  /** Nodes a row. */
  readonly columns: number;
  /** Displacement to the right of each node, row by row. */
  readonly x: Float64Array;
  /** Displacement downwards of each node, row by row. */
  readonly y: Float64Array;
}

/**
 * A cubic B-spline deformation cannot fold while no node moves further than
 * 0.48 spacings along either axis (Choi and Lee, "Injectivity conditions of 2D
 * and 3D uniform cubic B-spline functions", Graphical Models 62, 2000).
 */
const farthest = 0.48;

/**
 * The spline averages its nodes: displacements deviate half as much as the
 * nodes do at a node (the weights 1/6, 2/3, 1/6 squared sum to a half along
 * each axis), and 0.46 times as much in the middle of a cell.
 */
const nodeSigma = 2;

/** Draws normal displacements for the nodes that an image of this size needs. */
export function drawElasticField(
  random: Random,
  width: number,
  height: number,
  { spacing, sigma }: Pick<ElasticSettings, "spacing" | "sigma">,
): ElasticField {
  const deviation = nodeSigma * random.uniform(...sigma);
  const bound = farthest * spacing;
  const columns = nodesAlong(width, spacing);
  const nodes = columns * nodesAlong(height, spacing);
  const draw = () =>
    Math.max(-bound, Math.min(bound, deviation * random.normal()));
  return {
    spacing,
    columns,
    x: Float64Array.from({ length: nodes }, draw),
    y: Float64Array.from({ length: nodes }, draw),
  };
}

function nodesAlong(length: number, spacing: number): number {
  return Math.floor((length - 1) / spacing) + 4;
}

/**
 * Evaluates one row of one axis of the field.
 *
 * @param nodes The field's `x` or `y`.
 * @param row The pixel row.
 * @param into Receives a displacement in pixels for each pixel of the row.
 */
export function evaluateRow(
  nodes: Float64Array,
  { spacing, columns }: ElasticField,
  row: number,
  into: Float64Array,
): void {
  const cellRow = Math.floor(row / spacing);
  const v = row / spacing - cellRow;
  const w0 = (1 - v) ** 3 / 6;
  const w1 = (3 * v ** 3 - 6 * v ** 2 + 4) / 6;
  const w3 = v ** 3 / 6;
  const w2 = 1 - w0 - w1 - w3;
  const first = cellRow * columns;
  const across = (column: number) => {
    const node = first + column;
    return w0 * nodes[node]! + w1 * nodes[node + columns]! +
      w2 * nodes[node + 2 * columns]! + w3 * nodes[node + 3 * columns]!;
  };
  const step = 1 / spacing;
  let c0 = across(0), c1 = across(1), c2 = across(2);
  for (let cell = 0, x = 0; x < into.length; cell++) {
    const c3 = across(cell + 3);
    const k0 = (c0 + 4 * c1 + c2) / 6;
    const k1 = (c2 - c0) / 2;
    const k2 = (c0 - 2 * c1 + c2) / 2;
    const k3 = (c3 - c0 + 3 * (c1 - c2)) / 6;
    const start = x;
    const end = Math.min(into.length, start + spacing);
    for (; x < end; x++) {
      const u = (x - start) * step;
      into[x] = ((k3 * u + k2) * u + k1) * u + k0;
    }
    c0 = c1, c1 = c2, c2 = c3;
  }
}
