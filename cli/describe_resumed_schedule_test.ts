import { assertEquals, assertMatch } from "@std/assert";
import { type EpochRow, initialState, type TrainingState } from "@unet/train";
import { describeResumedSchedule } from "./describe_resumed_schedule.ts";
import { readFlags } from "./flags.ts";
import { schedulerOf } from "@unet/app";
import { train } from "./train.ts";
import { settingsOf } from "./train_settings.ts";

const table = train.groups.flatMap(({ flags }) => flags);
const stepsPerEpoch = 4;

async function settingsFor(...args: string[]) {
  return await settingsOf(
    readFlags("train", table, ["--data", "cells", "--out", "r", ...args]),
  );
}

/** A run of settings after some epochs, and batches of the next. */
async function stateOf(
  args: readonly string[],
  { epochs, done, batch = 0 }: { epochs: number; done: number; batch?: number },
): Promise<TrainingState> {
  const settings = { ...await settingsFor(...args), epochs };
  const { at } = schedulerOf(settings, stepsPerEpoch);
  const rows = Array.from({ length: done }, (_, index): EpochRow => ({
    ...{ epoch: index + 1, step: stepsPerEpoch * (index + 1), loss: 1 },
    ...{ validationLoss: 1, f1: 0.5, f1PerImage: 0.5, iou: 0.5 },
    ...{ precision: 0.5, recall: 0.5, seconds: 1 },
    ...at(stepsPerEpoch * (index + 1) - 1, stepsPerEpoch),
  }));
  const step = stepsPerEpoch * done + batch;
  return { ...initialState, epoch: done, batch, step, rows };
}

async function describe(
  args: readonly string[],
  { from, to, done = from, batch = 0 }: {
    from: number;
    to: number;
    done?: number;
    batch?: number;
  },
): Promise<string | undefined> {
  return await describeResumedSchedule({
    settings: { ...await settingsFor(...args), epochs: to },
    previousEpochs: from,
    state: await stateOf(args, { epochs: from, done, batch }),
    stepsPerEpoch,
  });
}

Deno.test("describeResumedSchedule() gives the rates before and after a cosine that is stretched", async () => {
  // The last of 40 steps, then the 41st of 80.
  const before = 0.001 * (1 + Math.cos(Math.PI * 39 / 40)) / 2;
  assertMatch(before.toPrecision(2), /^0\.0000015$/);
  assertMatch(
    (await describe([], { from: 10, to: 20 }))!,
    /^Schedule: cosine is stretched from 10 epochs to 20, so the learning rate rises from 0\.0000015 \(last step\) to 0\.0005 \(next step\)\. For a fresh schedule from the best weights: .* train --data cells --weights r --tile 256 --optimizer adamw --lr 0\.0003$/,
  );
});

Deno.test("describeResumedSchedule() says so in the middle of a run, and where epochs become fewer", async () => {
  assertMatch(
    (await describe([], { from: 10, to: 20, done: 5 }))!,
    /stretched from 10 epochs to 20, so the learning rate rises from 0\.00054 .* to 0\.00085 /,
  );
  assertMatch(
    (await describe([], { from: 10, to: 6, done: 5 }))!,
    /shortened from 10 epochs to 6, so the learning rate falls from 0\.00054 .* to 0\.000067 /,
  );
  // Stopped within the first epoch, which leaves no row.
  assertMatch(
    (await describe([], { from: 1, to: 10, done: 0, batch: 2 }))!,
    /stretched from 1 epoch to 10, so the learning rate rises from 0\.00085 .* to 0\.00099 /,
  );
});

Deno.test("describeResumedSchedule() says that a schedule has ended, or begins a new period", async () => {
  assertMatch(
    (await describe(["--period", "10"], { from: 10, to: 20 }))!,
    /^Schedule: cosine has ended; the learning rate stays at 0, which changes nothing\. For a fresh schedule /,
  );
  assertMatch(
    (await describe(["--scheduler", "warm-restarts"], { from: 10, to: 20 }))!,
    /^Schedule: warm-restarts starts a new period, so the learning rate rises from 0\.0000015 .* to 0\.001 /,
  );
});

Deno.test("describeResumedSchedule() is silent where the rate continues as before", async () => {
  for (
    const [args, epochs] of [
      [[], { from: 10, to: 10, done: 5 }],
      [[], { from: 10, to: 20, done: 0 }],
      // Nothing is left to train.
      [[], { from: 10, to: 10 }],
      [[], { from: 10, to: 5 }],
      [["--scheduler", "constant"], { from: 10, to: 20 }],
      [["--scheduler", "cyclic"], { from: 10, to: 20 }],
      [["--scheduler", "warm-restarts"], { from: 10, to: 20, done: 5 }],
    ] as const
  ) assertEquals(await describe(args, epochs), undefined);
});

Deno.test("describeResumedSchedule() is silent where a stretched run continues once more", async () => {
  const settings = { ...await settingsFor(), epochs: 20 };
  const run = { settings, stepsPerEpoch, previousEpochs: 20 };
  const stretched = await stateOf([], { epochs: 20, done: 12 });
  assertEquals(
    await describeResumedSchedule({ ...run, state: stretched }),
    undefined,
  );
  // config.json has the new number, but nothing was saved with it.
  const killed = await stateOf([], { epochs: 10, done: 10 });
  assertMatch(
    (await describeResumedSchedule({ ...run, state: killed }))!,
    /^Schedule: cosine spans 20 epochs now, so the learning rate rises from 0\.0000015 /,
  );
});
