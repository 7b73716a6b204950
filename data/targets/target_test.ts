import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cacheSamples } from "../cache/cache.ts";
import { createLoader, type LoaderOptions } from "../loader/loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import type { Batch } from "../types.ts";
import { unlabeled } from "./class_target.ts";
import { instanceBorders } from "./instance_borders.ts";
import { objectMask, targetOf, targets } from "./target.ts";

const size = 32;

/** A module with this body of `target(labels, options)`. */
function targetModule(body: string): { module: string } {
  const text = `export function target(labels, options) {${body}}`;
  return { module: `data:text/javascript,${encodeURIComponent(text)}` };
}

/** Class 0 on background, 1 on odd instances, 2 on even ones: one-hot. */
const oddAndEven = targetModule(`
  const planes = new Float32Array(labels.data.length * 3);
  labels.data.forEach((label, at) => {
    const kind = label === 0 ? 0 : label % 2 === 1 ? 1 : 2;
    planes[3 * at + kind] = options.value;
  });
  return planes;
`);

async function load(options: Partial<LoaderOptions>): Promise<Batch[]> {
  const folder = await Deno.makeTempDir();
  try {
    const drawn = synthesize({ count: 3, width: size, height: size, seed: 4 });
    const cases = await cacheSamples(drawn, { folder });
    const loader = createLoader({
      ...{ cases, size, batchSize: 2, seed: 0 },
      ...options,
    });
    try {
      return await Array.fromAsync(loader.batches(0));
    } finally {
      loader.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("objectMask() is 1 exactly where an instance is", () => {
  const anyData = fc.uint32Array({
    ...{ minLength: 1, maxLength: 40, max: unlabeled - 1 },
  });
  fc.assert(fc.property(anyData, (data) => {
    const mask = objectMask({ width: data.length, height: 1, data });
    data.forEach((label, at) => assertEquals(mask[at], label === 0 ? 0 : 1));
  }));
});

Deno.test("targetOf() finds every target by its name, and names those there are", () => {
  const labels = { width: 4, height: 1, data: new Uint32Array([1, 1, 2, 0]) };
  assertEquals([...targetOf("object")(labels)], [1, 1, 1, 0]);
  assertEquals(
    [...targetOf("border")(labels, { gap: 0 })],
    [...instanceBorders(labels, { gap: 0 })],
  );
  for (const name of ["objects", "toString", ""]) {
    assertThrows(
      () => targetOf(name),
      RangeError,
      `Cannot make target "${name}": found no target of that name, expected ` +
        Object.keys(targets).join(", "),
    );
  }
});

Deno.test("createLoader() gives the ground truth of each head, also of a module with several planes, the same from workers", async () => {
  const options: Partial<LoaderOptions> = {
    targets: [
      { head: "object", target: "object" },
      {
        ...{ head: "kind", channels: 3, target: oddAndEven },
        options: { value: 0.5 },
      },
    ],
  };
  const here = await load(options);
  assertEquals(await load({ ...options, workers: 2 }), here);
  let objects = 0;
  for (const { shape: [count], targets } of here) {
    const { object, kind } = targets;
    assertEquals(object!.length, count * size * size);
    assertEquals(kind!.length, 3 * object!.length);
    object!.forEach((value, at) => {
      assertEquals(kind![3 * at], value === 0 ? 0.5 : 0);
      const planes = kind!.subarray(3 * at, 3 * at + 3);
      assertEquals(planes.reduce((sum, plane) => sum + plane), 0.5);
      objects += value;
    });
  }
  assert(objects > 0);
});

Deno.test("createLoader() refuses targets that cannot be before it starts a worker", async () => {
  const cases: [LoaderOptions["targets"], typeof Error, string][] = [
    [
      [{ head: "object", target: "nuclei" }],
      RangeError,
      'Cannot make target "nuclei": found no target of that name',
    ],
    [
      [{ head: "object", target: { module: "./here.ts" } }],
      TypeError,
      'Cannot load target "./here.ts": found no URL',
    ],
    [
      [{ head: "object", target: "object", channels: 0 }],
      RangeError,
      "found channels 0, expected a positive integer",
    ],
    [
      [
        { head: "a", target: "object" },
        { head: "a", target: "border" },
      ],
      RangeError,
      'found two targets of head "a", expected one',
    ],
  ];
  for (const [wanted, type, message] of cases) {
    await assertRejects(() => load({ targets: wanted! }), type, message);
  }
});

Deno.test("batches() throws where a target gives another number of values than its head has, in a worker too", async () => {
  for (const workers of [0, 1]) {
    await assertRejects(
      () =>
        load({
          workers,
          targets: [{
            ...{ head: "kind", channels: 2 },
            target: targetModule("return new Uint8Array(5);"),
          }],
        }),
      RangeError,
      `Cannot make ground truth of head "kind": found 5 values for ${
        size * size
      } pixels, expected ${2 * size * size}, 2 per pixel`,
    );
  }
});

Deno.test("objectMask() leaves open what is not labeled", () => {
  const data = Uint32Array.of(0, 5, unlabeled);
  assertEquals([...objectMask({ width: 3, height: 1, data })], [0, 1, -1]);
});
