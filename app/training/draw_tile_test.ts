import { assertEquals, assertNotEquals } from "@std/assert";
import type { Batch, Image } from "@unet/data";
import { classColor } from "@unet/infer/outputs";
import { channelInput, classTask, objectTask, type Task } from "@unet/task";
import { sampleColors } from "@unet/train";
import { drawerOf } from "./draw_tile.ts";

const [width, height] = [150, 2], area = width * height;

/** Two tiles of some values per pixel, the second of which counts. */
function twice(values: Float32Array): Float32Array {
  const both = new Float32Array(2 * values.length);
  both.set(values, values.length);
  return both;
}

/** Two tiles; the second has a class per pixel and logits of another. */
function tileOf(
  { heads: [head], input }: Task,
  classes: readonly (readonly [truth: number | null, found: number])[],
) {
  const channels = input.channels.length, outputs = head!.channels;
  const x = new Float32Array(channels * area).fill(0.4);
  const target = new Float32Array(outputs * area);
  const logits = new Float32Array(outputs * area);
  for (let at = 0; at < area; at++) {
    const [truth, found] = classes[at] ?? [0, 0];
    if (truth !== null) target[at * outputs + truth] = 1;
    logits[at * outputs + found] = 3;
  }
  const batch: Batch = {
    shape: [2, height, width],
    x: twice(x),
    targets: { [head!.name]: twice(target) },
    ids: ["a", "b"],
  };
  return { batch, logits: twice(logits), at: 1 };
}

const names = ["background", "axon", "myelin"];

for (const channels of [undefined, ["DAPI"], ["DAPI", "actin"]]) {
  Deno.test(`drawerOf() draws true and predicted classes of a tile of ${channels ?? "colors"}`, () => {
    const task = classTask({
      classes: names,
      ...(channels && { input: channelInput(channels) }),
    });
    const drawn = drawerOf(task)!(
      tileOf(task, [[1, 1], [2, 1], [null, 2], [0, 0]]),
    );
    // Panels of the tile's width, below a line of captions.
    const at = (panel: number, x: number) => {
      const from = 3 * (17 * drawn.width + panel * (width + 4) + x);
      return [...drawn.data.subarray(from, from + 3)];
    };
    const plain = at(0, 0);
    const tinted = (color: readonly number[], share = 0.55) =>
      color.map((value, c) =>
        Math.round(plain[c]! + share * (value - plain[c]!))
      );
    const axon = tinted(classColor(1)), myelin = tinted(classColor(2));
    const unlabeled = tinted([128, 128, 128]);
    const wrong = tinted([255, 0, 255], 0.8);
    const panel = (number: number) => [0, 1, 2, 3].map((x) => at(number, x));
    assertEquals(panel(1), [axon, myelin, unlabeled, plain]);
    assertEquals(panel(2), [axon, axon, myelin, plain]);
    assertEquals(panel(3), [axon, wrong, unlabeled, plain]);
  });
}

Deno.test("drawerOf() goes by the first head, and draws neither objects nor classes of another", () => {
  const [object] = objectTask().heads;
  assertEquals(typeof drawerOf(objectTask()), "function");
  const other = { ...object!, name: "distance" };
  assertEquals(drawerOf({ ...objectTask(), heads: [other] }), undefined);
});

Deno.test("drawerOf() draws what is not labeled apart, neither right nor wrong", () => {
  const draw = drawerOf(objectTask())!;
  const batch = (y: number) => ({
    shape: [1, 8, 8] as const,
    x: new Float32Array(8 * 8 * 3).fill(0.5),
    targets: { object: new Float32Array(64).fill(y) },
    ids: ["a"],
  });
  const logits = new Float32Array(64).fill(1);
  const [whole, none] = [0, -1].map((y) =>
    draw({ batch: batch(y), logits, at: 0 })
  );
  // Where all is background the surplus is tinted; where nothing is labeled not.
  assertNotEquals([...whole!.data], [...none!.data]);
  const legend = [...sampleColors.surplus].join();
  const has = (data: Image["data"]) =>
    Array.from(
      { length: data.length / 3 },
      (_, at) => [...data.subarray(3 * at, 3 * at + 3)].join(),
    ).includes(legend);
  assertEquals([has(whole!.data), has(none!.data)], [true, false]);
});
