import { assertAlmostEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { growTree, type Tree } from "./_forest.ts";
import { marginalVariances } from "./_marginal_variance.ts";

const rows = fc.array(
  fc.tuple(
    ...[3, 1, 1].map((max) => fc.integer({ min: 0, max })),
    fc.double({ min: -2, max: 2, noNaN: true }),
  ),
  { minLength: 1, maxLength: 12 },
);

function predict(tree: Tree, input: readonly number[]): number {
  let node = 0;
  while (tree.column[node]! >= 0) {
    const goesLeft = input[tree.column[node]!]! <= tree.threshold[node]!;
    node = (goesLeft ? tree.left : tree.right)[node]!;
  }
  return tree.mean[node]!;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** 2));
}

Deno.test("marginalVariances() equals the average over a fine grid", () => {
  // All thresholds are halves of whole numbers, so the grid misses nothing.
  const cells = Array.from({ length: 6 }, (_, i) => 0.25 + i / 2);
  const halves = [0.25, 0.75];
  fc.assert(
    fc.property(rows, fc.integer(), (rows, seed) => {
      const columns = [0, 1, 2].map((c) =>
        Float64Array.from(rows, (row) => row[c] as number)
      );
      const targets = Float64Array.from(rows, (row) => row[3] as number);
      const tree = growTree(columns, targets, createRandom(seed));
      const at = (a: number, b: number, c: number) => predict(tree, [a, b, c]);
      const { total, parts } = marginalVariances(
        tree,
        [[0, 3], [0, 1], [0, 1]],
        [[0], [1, 2]],
      );
      const pairs = halves.flatMap((b) => halves.map((c) => [b, c] as const));
      const all = cells.flatMap((a) => pairs.map(([b, c]) => at(a, b, c)));
      assertAlmostEquals(total, variance(all), 1e-12);
      const alongFirst = cells.map((a) =>
        mean(pairs.map(([b, c]) => at(a, b, c)))
      );
      assertAlmostEquals(parts[0]!, variance(alongFirst), 1e-12);
      const overPairs = pairs.map(([b, c]) =>
        mean(cells.map((a) => at(a, b, c)))
      );
      assertAlmostEquals(parts[1]!, variance(overPairs), 1e-12);
    }),
  );
});

Deno.test("growTree() distinguishes all rows that differ", () => {
  fc.assert(
    fc.property(rows, fc.integer(), (rows, seed) => {
      // Each row 20 times: then all are drawn, but for one in a billion.
      const many = rows.flatMap((row) => Array.from({ length: 20 }, () => row));
      const columns = [0, 1, 2].map((c) =>
        Float64Array.from(many, (row) => row[c] as number)
      );
      const sumOf = (row: readonly unknown[]) =>
        (row as number[]).slice(0, 3).reduce((a, b) => 4 * a + b, 0);
      const targets = Float64Array.from(many, sumOf);
      const tree = growTree(columns, targets, createRandom(seed));
      for (const row of rows) {
        assertAlmostEquals(predict(tree, row as number[]), sumOf(row), 1e-6);
      }
    }),
  );
});
