import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Image } from "@unet/data";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import {
  drawElasticField,
  type ElasticField,
  evaluateRow,
} from "./_elastic_field.ts";
import { resample } from "./_resample.ts";
import warps from "./fixtures/warps.json" with { type: "json" };

const { width, height, elastic } = warps;
const scipyField: ElasticField = {
  spacing: elastic.spacing,
  columns: elastic.columns,
  x: Float64Array.from(elastic.nodesX),
  y: Float64Array.from(elastic.nodesY),
};

function evaluate(
  field: ElasticField,
  nodes: Float64Array,
  width: number,
  height: number,
): number[] {
  const row = new Float64Array(width);
  return Array.from({ length: height }, (_, y) => {
    evaluateRow(nodes, field, y, row);
    return [...row];
  }).flat();
}

Deno.test("evaluateRow() gives SciPy's cubic B-spline", () => {
  const pairs = [
    [scipyField.x, elastic.displacementX],
    [scipyField.y, elastic.displacementY],
  ] as const;
  for (const [nodes, expected] of pairs) {
    evaluate(scipyField, nodes, width, height).forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-9)
    );
  }
});

Deno.test("resample() deforms and rotates as SciPy does, to half a gray level, labels exactly", () => {
  const image: Image = {
    width,
    height,
    channels: 3,
    depth: 8,
    data: Uint8Array.from(warps.image),
  };
  const labels = { width, height, data: Uint32Array.from(warps.labels) };
  const angle = elastic.degrees * Math.PI / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const warped = resample(image, labels, {
    matrix: [cosine, -sine, sine, cosine],
    field: scipyField,
  }, "reflect");
  assertEquals([...warped.labels.data], elastic.labels);
  elastic.image.forEach((value, i) =>
    assertAlmostEquals(warped.image.data[i]!, value, 0.5001)
  );
});

Deno.test("drawElasticField() displaces pixels by sigma", () => {
  const random = createRandom(4);
  const sigma = 3, spacing = 40, size = 160;
  let atNodes = 0, everywhere = 0;
  const fields = 60;
  for (let i = 0; i < fields; i++) {
    const field = drawElasticField(random, size, size, {
      spacing,
      sigma: [sigma, sigma],
    });
    const displacement = evaluate(field, field.x, size, size);
    for (const y of [40, 80, 120]) {
      for (const x of [40, 80, 120]) {
        atNodes += displacement[y * size + x]! ** 2 / (9 * fields);
      }
    }
    for (const d of displacement) everywhere += d ** 2 / (fields * size ** 2);
  }
  assertAlmostEquals(Math.sqrt(atNodes), sigma, 0.25);
  assertAlmostEquals(Math.sqrt(everywhere), 0.96 * sigma, 0.2);
});

Deno.test("drawElasticField() never folds the image, at the strongest sigma allowed", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 2, max: 20 }),
      (seed, spacing) => {
        const size = 41;
        const field = drawElasticField(createRandom(seed), size, size, {
          spacing,
          sigma: [spacing / 4, spacing / 4],
        });
        const dx = evaluate(field, field.x, size, size);
        const dy = evaluate(field, field.y, size, size);
        // The signed area of each pixel's four displaced corners.
        for (let y = 0; y < size - 1; y++) {
          for (let x = 0; x < size - 1; x++) {
            const corner = (right: number, below: number) => {
              const i = (y + below) * size + x + right;
              return [right + dx[i]!, below + dy[i]!] as const;
            };
            const [a, b, c, d] = [
              corner(0, 0),
              corner(1, 0),
              corner(1, 1),
              corner(0, 1),
            ];
            const area = (c[0] - a[0]) * (d[1] - b[1]) -
              (d[0] - b[0]) * (c[1] - a[1]);
            assert(area > 0, `pixel ${x}, ${y}: area ${area}`);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("drawElasticField() has the nodes that any image needs, one pixel or many", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 2, max: 40 }),
    (width, height, spacing) => {
      const field = drawElasticField(createRandom(0), width, height, {
        spacing,
        sigma: [0.5, 0.5],
      });
      const values = evaluate(field, field.y, width, height);
      assertEquals(values.length, width * height);
      assert(values.every((value) => Math.abs(value) <= 0.48 * spacing));
    },
  ));
});
