import { assertEquals } from "@std/assert";
import { completePlan } from "@unet/model";
import { classTask, objectTask, type ObjectTaskOptions } from "@unet/task";
import { keptOfModel } from "./kept_of_model.ts";

const diameters = { low: 11, median: 26, high: 58 };
const card = { diameters, threshold: 0.6, instances: { depth: 1.5 } };

/** A model of objects and borders, with what was fitted in its card. */
function modelOf(options: ObjectTaskOptions) {
  return {
    ...{ path: "a", bytes: new Uint8Array(), card },
    file: { tensors: new Map(), metadata: {} },
    plan: completePlan({ task: objectTask(options) }),
  };
}

const saved = modelOf({ loss: "bce+dice", borderWeight: 0.6 });
const { task } = saved.plan, off = { diameter: "off" } as const;

Deno.test("keptOfModel() keeps what was fitted, and says so in a line", () => {
  const { origin, lines } = keptOfModel(saved, {
    ...{ task, isFresh: false, scales: null },
  });
  assertEquals(origin, { ...card, ...off });
  assertEquals(lines, [
    "Kept of the model: boundary weight 0.6, threshold 0.6, depth 1.5",
  ]);
});

Deno.test("keptOfModel() says which weight and which loss are others", () => {
  const other = objectTask({ loss: "bce", borderWeight: 0.1 });
  const { lines } = keptOfModel(saved, {
    ...{ task: other, isFresh: false, scales: null },
  });
  assertEquals(lines, [
    "Kept of the model: threshold 0.6, depth 1.5",
    "Boundary weight: 0.1 in place of 0.6",
    "Loss of object: bce in place of bce+dice",
  ]);
});

Deno.test("keptOfModel() keeps nothing that was fitted for heads that start at random", () => {
  const classes = classTask({ classes: ["background", "axon"] });
  for (const options of [{ task, isFresh: true }, { task: classes }]) {
    assertEquals(
      keptOfModel(saved, { isFresh: false, scales: null, ...options }),
      { origin: { diameters, ...off }, lines: [] },
    );
  }
});

Deno.test("keptOfModel() lets images be measured where tiles are shown at scales", () => {
  const scales = { low: 0.5, high: 2 };
  const before = { ...saved, card: { ...card, ...off } };
  assertEquals(
    keptOfModel(before, { task, isFresh: false, scales }).origin,
    card,
  );
});
