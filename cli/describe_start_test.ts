import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { completeTrainSettings, type TrainStart } from "@unet/app";
import { resolve } from "@std/path";
import { initialState } from "@unet/train";
import { describeStart } from "./describe_start.ts";

async function startOf(some: Partial<TrainStart>): Promise<TrainStart> {
  const settings = await completeTrainSettings({
    ...{ data: "cells", out: "runs/a", epochs: 3 },
  });
  return {
    settings,
    images: { train: 4, validation: 1 },
    tiles: { train: 8, validation: 2 },
    state: initialState,
    previousEpochs: null,
    otherDevice: null,
    stepsPerEpoch: 2,
    gradientSums: null,
    labeled: 1,
    sources: {},
    ...some,
  };
}

Deno.test("describeStart() says what a new run starts with, in three lines", async () => {
  const lines = await describeStart(await startOf({}));
  assertEquals(lines.length, 3);
  assert(lines[0]!.startsWith("Data: 4 images to train on (8 tiles)"));
  assertEquals(lines[2], "Run: runs/a");
});

Deno.test("describeStart() says when ranks sum gradients, and why", async () => {
  const lines = await describeStart(
    await startOf({
      gradientSums: { overlaps: true, reason: "ranks are on several machines" },
    }),
  );
  assertEquals(
    lines[2],
    "Gradients: summed during the backward pass (ranks are on several machines)",
  );
});

Deno.test("describeStart() says that all epochs are done, and what a run continues on", async () => {
  const lines = await describeStart(
    await startOf({
      state: { ...initialState, epoch: 3, step: 6 },
      previousEpochs: 3,
      otherDevice: "tensorflow",
    }),
  );
  assertEquals(lines.slice(3), [
    "Continues after epoch 3, step 6",
    "Finished: 3 of 3 epochs; --epochs N trains more",
    "The run began on tensorflow: from here on it is not bit-identical to a " +
    "run on one device; --device tensorflow continues as it began",
  ]);
});

Deno.test("describeStart() says what classes are, and how much is labeled", async () => {
  const { settings } = await startOf({});
  const classes = [
    { name: "background", value: 0 },
    { name: "axon", value: "#ff0000" },
  ];
  const lines = await describeStart(
    await startOf({ settings: { ...settings, classes }, labeled: 0.1024 }),
  );
  assertEquals(lines.slice(1, 3), [
    "Classes: background (0), axon (#ff0000)",
    "Labeled: 10.2 % of the pixels to train on",
  ]);
  const gapped = [{ name: "background", value: 0 }, { name: "b", value: 3 }];
  const numbered = await describeStart(
    await startOf({ settings: { ...settings, classes: gapped } }),
  );
  assertEquals(numbered.slice(1, 3), [
    "Classes: background (0), b (3)",
    "Numbers in outputs: background 0, b 1 (3 in masks)",
  ]);
});

Deno.test("describeStart() names the channels that were chosen", async () => {
  const { settings } = await startOf({});
  const lines = await describeStart(
    await startOf({ settings: { ...settings, channels: ["DAPI", 2] } }),
  );
  assertEquals(lines[1], "Channels: DAPI, 2, each by its percentiles");
});

Deno.test("describeStart() says that no image is held out, and how long patience lasts", async () => {
  const { settings } = await startOf({});
  const none = await describeStart(
    await startOf({ images: { train: 4, validation: 0 } }),
  );
  assertEquals(none.slice(0, 2), [
    "Data: 4 images to train on (8 tiles), none to validate on",
    "Validation: none; the last epoch is kept, and scores are of the " +
    "training images; --validation 0.2 holds some out",
  ]);
  const byRoles = await describeStart(
    await startOf({
      images: { train: 4, validation: 0 },
      settings: { ...settings, roles: resolve("r.json"), validation: 0 },
    }),
  );
  assertEquals(byRoles.slice(1, 3), [
    "Validation: none; the last epoch is kept, and scores are of the " +
    "training images; without --validation 0, the file of roles decides",
    "Roles: training images as r.json has them",
  ]);
  const patient = await startOf({ settings: { ...settings, patience: 2 } });
  assertStringIncludes(
    (await describeStart(patient))[1]!,
    "; at most 3 epochs (patience 2), batch 8,",
  );
});
