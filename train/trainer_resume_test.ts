import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import { objectTask, type Task } from "@unet/task";
import { adam } from "./optimizers/adam.ts";
import { adamw } from "./optimizers/adamw.ts";
import { bceDiceLoss } from "./losses/bce_dice_loss.ts";
import { loadCheckpoint, saveCheckpoint } from "./run/checkpoint.ts";
import { constant } from "./schedules/constant.ts";
import { cyclicLR } from "./schedules/cyclic_lr.ts";
import {
  borderTask,
  contentOf,
  temporaryFolder,
  tinyLoader,
  tinyModel,
  withoutSeconds,
  withRims,
} from "./fixtures/tiny.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { sgd } from "./optimizers/sgd.ts";
import { Trainer, type TrainerOptions } from "./trainer.ts";
import { initialState, type TrainingState } from "./run/training_state.ts";
import { lossOfHeads } from "./losses/loss_of_heads.ts";

await tf.setBackend("cpu");

const epochs = 2, batches = 2, steps = epochs * batches;

/** Each remembers something else from step to step. */
const makers: Record<string, () => Optimizer> = {
  "sgd with momentum": () => sgd({ momentum: 0.9, weightDecay: 1e-3 }),
  "sgd with Nesterov's momentum": () => sgd({ nesterov: true }),
  "adam": () => adam(),
  "adamw": () => adamw(),
};

/** What a training leaves. */
interface End {
  readonly state: TrainingState;
  readonly content: Record<string, string>;
}

/** Parts that start, or continue where a folder was saved, as a process would. */
async function trainFrom(
  path: string,
  makeOptimizer: () => Optimizer,
  options: Partial<TrainerOptions> = {},
  task: Task = objectTask(),
): Promise<End> {
  const isStart = !(await exists(path));
  // Another network on resuming: what is not restored would differ.
  const model = tinyModel({ dropout: 0.3, task }, isStart ? 0 : 99);
  const optimizer = makeOptimizer();
  try {
    const state = isStart
      ? initialState
      : await loadCheckpoint(path, model, optimizer);
    const trainer = new Trainer({
      optimizer,
      loss: bceDiceLoss(),
      model,
      trainDataloader: tinyLoader({ tiles: 3 }),
      testDataloader: tinyLoader({ tiles: 3, seed: 1 }),
      epochs,
      device: { name: "cpu" },
      // Moves learning rate and momentum at each step.
      scheduler: cyclicLR({ maxLearningRate: 0.1, stepSizeUp: 3 }),
      seed: 7,
      state,
      record: {
        saveLast: (state) => saveCheckpoint(path, { model, optimizer }, state),
        saveBest: () => Promise.resolve(),
        saveRows: () => Promise.resolve(),
      },
      ...options,
    });
    const ended = await trainer.fit();
    return {
      state: withoutSeconds(ended),
      content: contentOf(model, optimizer),
    };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** Options that abort a training after so many of its steps. */
function abortAfter(steps: number): Partial<TrainerOptions> {
  const controller = new AbortController();
  let done = 0;
  return {
    signal: controller.signal,
    onStep: () => ++done === steps && controller.abort(),
  };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

const uninterrupted: Record<string, End> = {};

Deno.test.beforeAll(async () => {
  await using folder = await temporaryFolder();
  for (const [name, makeOptimizer] of Object.entries(makers)) {
    const path = `${folder.path}/${name}`;
    uninterrupted[name] = await trainFrom(path, makeOptimizer);
  }
});

for (const [name, makeOptimizer] of Object.entries(makers)) {
  Deno.test(`Trainer, stopped after each step and taken up anew, ends bit for bit as if never stopped: ${name}`, async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/last`;
    const stops: number[][] = [];
    let ended: End | undefined;
    while (ended === undefined || ended.state.epoch < epochs) {
      assert(stops.length < 2 * steps, "Expected progress at each start");
      ended = await trainFrom(path, makeOptimizer, abortAfter(1));
      const { epoch, batch, step } = ended.state;
      stops.push([epoch, batch, step]);
    }
    // After an epoch's last step, the validation is left to whoever continues,
    // and a step follows it.
    assertEquals(stops, [[0, 1, 1], [0, 2, 2], [1, 1, 3], [1, 2, 4], [
      2,
      0,
      4,
    ]]);
    assertEquals(ended, uninterrupted[name]);
  });
}

for (let stop = 1; stop < steps; stop++) {
  Deno.test(`Trainer, stopped once after step ${stop}, ends bit for bit as if never stopped`, async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/last`, name = "sgd with momentum";
    const stopped = await trainFrom(path, makers[name]!, abortAfter(stop));
    assertEquals(stopped.state.step, stop);
    assertEquals(await trainFrom(path, makers[name]!), uninterrupted[name]);
  });
}

Deno.test("Trainer, stopped in a validation, saves and validates anew to the same end", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/last`, name = "adam";
  const controller = new AbortController();
  const loader = tinyLoader({ tiles: 3, seed: 1 });
  const given: number[] = [];
  const testDataloader: DataLoader = {
    ...loader,
    async *batches(epoch, from) {
      for await (const batch of loader.batches(epoch, from)) {
        given.push(batch.shape[0]);
        if (given.length === 1) controller.abort();
        yield batch;
      }
    },
  };
  const { state } = await trainFrom(path, makers[name]!, {
    signal: controller.signal,
    testDataloader,
  });
  assertEquals([state.epoch, state.batch, state.step], [0, 2, 2]);
  assertEquals(given, [2]);
  assertEquals(await trainFrom(path, makers[name]!), uninterrupted[name]);
});

Deno.test("Trainer, killed between two savings, repeats the steps to the same end", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/last`, name = "adamw";
  const kill = new Error("killed");
  let done = 0;
  await assertRejects(
    () =>
      trainFrom(path, makers[name]!, {
        saveEvery: 1,
        onStep() {
          if (++done === 2) throw kill;
        },
      }),
    Error,
    "killed",
  );
  const text = await Deno.readTextFile(`${path}/state.json`);
  assertEquals(JSON.parse(text).step, 1);
  assertEquals(await trainFrom(path, makers[name]!), uninterrupted[name]);
});

Deno.test("Trainer that scores the start, stopped after each step and while scoring, ends bit for bit as if never stopped", async () => {
  await using folder = await temporaryFolder();
  const run = (name: string, options: Partial<TrainerOptions> = {}) =>
    trainFrom(`${folder.path}/${name}`, makers["adam"]!, {
      scoreStart: true,
      ...options,
    });
  const whole = await run("whole");
  assertEquals(whole.state.rows.map(({ epoch }) => epoch), [0, 1, 2]);
  const controller = new AbortController();
  const loader = tinyLoader({ tiles: 3, seed: 1 });
  const scoring = await run("stopped", {
    signal: controller.signal,
    testDataloader: {
      ...loader,
      async *batches(epoch, from) {
        controller.abort();
        yield* loader.batches(epoch, from);
      },
    },
  });
  assertEquals(scoring.state, initialState);
  let stopped: End | undefined;
  while (stopped === undefined || stopped.state.epoch < epochs) {
    stopped = await run("stopped", abortAfter(1));
  }
  assertEquals(stopped, whole);
});

Deno.test("Trainer ends otherwise where optimizer, dropout or data continue otherwise", async () => {
  const name = "sgd with momentum", expected = uninterrupted[name]!;
  const others: [string, Partial<TrainerOptions>][] = [
    ["optimizer", { optimizer: sgd() }],
    ["dropout", { seed: 8 }],
    ["data", { trainDataloader: tinyLoader({ tiles: 3, seed: 2 }) }],
  ];
  for (const [what, options] of others) {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/last`;
    await trainFrom(path, makers[name]!, abortAfter(1));
    const other = await trainFrom(path, makers[name]!, options);
    const weights = "head.weight";
    assert(other.content[weights] !== expected.content[weights], what);
  }
});

for (const name of ["sgd with momentum", "adam"]) {
  Deno.test(`Trainer thaws the encoder at an epoch, and resumes bit for bit before and after: ${name}`, async () => {
    await using folder = await temporaryFolder();
    /** Trains to each of these epochs in turn, as processes of their own. */
    const run = async (place: string, ...stops: number[]): Promise<End> => {
      let ended: End | undefined;
      for (const epochs of stops) {
        ended = await trainFrom(`${folder.path}/${place}`, makers[name]!, {
          epochs,
          unfreezeAt: 3,
        });
      }
      return ended!;
    };
    const frozen = await run("frozen", 2);
    const whole = await run("whole", 4);
    assertEquals(await run("stopped", 1, 2, 3, 4), whole);
    const model = tinyModel({ dropout: 0.3 }, 0);
    const start = contentOf(model);
    model.dispose();
    for (const [tensor, bits] of Object.entries(start)) {
      if (!tensor.startsWith("encoder.")) continue;
      assertEquals(frozen.content[tensor], bits, tensor);
    }
    for (
      const tensor of [
        "encoder.features.0.weight",
        "encoder.features.1.running_mean",
      ]
    ) assert(whole.content[tensor] !== start[tensor], tensor);
  });
}

Deno.test("Trainer of two heads, stopped after each step, ends bit for bit as if never stopped", async () => {
  await using folder = await temporaryFolder();
  const run = (name: string, options: Partial<TrainerOptions> = {}) =>
    trainFrom(
      `${folder.path}/${name}`,
      makers["adam"]!,
      {
        loss: lossOfHeads(borderTask.heads),
        trainDataloader: withRims(tinyLoader({ tiles: 3 })),
        testDataloader: withRims(tinyLoader({ tiles: 3, seed: 1 })),
        ...options,
      },
      borderTask,
    );
  const whole = await run("whole");
  let stopped: End | undefined;
  while (stopped === undefined || stopped.state.epoch < epochs) {
    stopped = await run("stopped", abortAfter(1));
  }
  assertEquals(stopped, whole);
  for (const { borderF1 } of whole.state.rows) {
    assert(borderF1! >= 0 && borderF1! <= 1, `${borderF1}`);
  }
});

Deno.test("Trainer that averages statistics, stopped after each step and in a validation, ends bit for bit as if never stopped", async () => {
  await using folder = await temporaryFolder();
  const run = (name: string, options: Partial<TrainerOptions> = {}) =>
    trainFrom(`${folder.path}/${name}`, makers["sgd with momentum"]!, {
      batchNormBatches: 2,
      ...options,
    });
  const whole = await run("whole");
  const controller = new AbortController();
  const loader = tinyLoader({ tiles: 3, seed: 1 });
  let stopped = await run("stopped", {
    signal: controller.signal,
    testDataloader: {
      ...loader,
      async *batches(epoch, from) {
        controller.abort();
        yield* loader.batches(epoch, from);
      },
    },
  });
  while (stopped.state.epoch < epochs) {
    stopped = await run("stopped", abortAfter(1));
  }
  assertEquals(stopped, whole);
});

Deno.test("Trainer that ends for patience, stopped after each step, ends bit for bit as if never stopped", async () => {
  await using folder = await temporaryFolder();
  const run = (name: string, options: Partial<TrainerOptions> = {}) =>
    trainFrom(`${folder.path}/${name}`, makers["adam"]!, {
      epochs: 6,
      patience: 1,
      // Nothing improves, but for what running statistics do.
      scheduler: constant({ learningRate: 0 }),
      ...options,
    });
  const whole = await run("whole");
  const { epoch, best } = whole.state;
  assertEquals(epoch, best!.epoch + 1);
  assert(epoch < 6, "Expected an early end");
  let stopped: End | undefined;
  while (stopped === undefined || stopped.state.epoch < epoch) {
    stopped = await run("stopped", abortAfter(1));
  }
  assertEquals(stopped, whole);
  assertEquals(await run("stopped"), whole);
});
