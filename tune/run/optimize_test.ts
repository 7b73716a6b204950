import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError, TrainingError } from "@unet/errors";
import type { Space } from "../distribution.ts";
import { Journal } from "../journal/mod.ts";
import {
  gridSampler,
  medianPruner,
  nopPruner,
  randomSampler,
  tpeSampler,
} from "../sampling/mod.ts";
import type { Study } from "../study.ts";
import { LostTrialError, type Objective } from "./objective.ts";
import { optimize, type OptimizeOptions } from "./optimize.ts";
import { startedTrials } from "./started_trials.ts";
import { trialAttributes } from "./trial_attributes.ts";

const space: Space = {
  x: { kind: "float", low: -1, high: 1, log: false, step: null },
  side: { kind: "categorical", choices: ["left", "right"] },
};

const parabola: Objective = ({ params }) =>
  Promise.resolve({ value: Number(params.x) ** 2 });

/** A study in a file of its own, and a worker on it. */
async function begin(): Promise<{
  path: string;
  journal: Journal;
  id: number;
  run(options?: Partial<OptimizeOptions>): Promise<void>;
  study(): Promise<Study>;
}> {
  const path = `${await Deno.makeTempDir()}/study.journal`;
  const journal = await Journal.open(path);
  const { id } = await journal.createStudy("parabola", ["minimize"]);
  return {
    path,
    journal,
    id,
    run: (options) => optimize(journal, id, { ...usual, ...options }),
    study: async () => (await journal.sync())[0]!,
  };
}

const usual: OptimizeOptions = {
  objective: parabola,
  space,
  sampler: randomSampler(),
  pruner: nopPruner(),
  trials: 4,
  seed: 7,
};

const statesOf = ({ trials }: Study): string =>
  trials.map(({ state }) => state).join(" ");

Deno.test("optimize() tries parameters of the space and notes what came of them", async () => {
  const { run, study } = await begin();
  await run();
  const { trials } = await study();
  assertEquals(trials.length, 4);
  for (const { params, values, state, distributions } of trials) {
    assertEquals(Object.keys(params).sort(), ["side", "x"]);
    assertEquals(distributions, space);
    assertEquals(values, [Number(params.x) ** 2]);
    assertEquals(state, "complete");
  }
});

Deno.test("optimize() continues up to the number of trials, and is done at once where there are enough", async () => {
  const { run, study } = await begin();
  await run({ trials: 2 });
  await run({ trials: 5 });
  assertEquals((await study()).trials.length, 5);
  await run({ trials: 3 });
  assertEquals((await study()).trials.length, 5);
});

Deno.test("optimize() chooses by seed, number and history alone, however often it was stopped", async () => {
  const sampler = tpeSampler({ startupTrials: 3 });
  const whole = await begin();
  await whole.run({ sampler, trials: 8 });
  const stopped = await begin();
  for (const trials of [1, 4, 5, 8]) {
    await stopped.run({ sampler: tpeSampler({ startupTrials: 3 }), trials });
  }
  const paramsOf = ({ trials }: Study) => trials.map(({ params }) => params);
  assertEquals(
    paramsOf(await stopped.study()),
    paramsOf(await whole.study()),
  );
  const other = await begin();
  await other.run({ sampler, trials: 8, seed: 8 });
  assert(
    JSON.stringify(paramsOf(await other.study())) !==
      JSON.stringify(paramsOf(await whole.study())),
  );
});

Deno.test("optimize() makes exactly so many trials with several workers at once", async () => {
  const { path, id, study } = await begin();
  const objective: Objective = async (trial) => {
    await new Promise((resolve) => setTimeout(resolve, 1 + trial.number % 3));
    return await parabola(trial);
  };
  await Promise.all(["a", "b", "c", "d"].map(async (worker) => {
    const journal = await Journal.open(path);
    await optimize(journal, id, { ...usual, objective, trials: 13, worker });
  }));
  const { trials } = await study();
  assertEquals(trials.length, 13);
  assert(trials.every(({ state }) => state === "complete"));
  const workers = trials.map(({ systemAttributes }) => systemAttributes.worker);
  assert(new Set(workers).size > 1, `Expected several, found ${workers}`);
});

Deno.test("optimize() takes what is queued first, and what a person fixed", async () => {
  const { run, study, journal, id } = await begin();
  await journal.createTrial(id, {
    state: "waiting",
    systemAttributes: { fixed_params: { x: 0.25, other: 3 } },
  });
  await run({ trials: 2 });
  const [queued, own] = (await study()).trials;
  assertEquals(queued!.params.x, 0.25);
  assert(["left", "right"].includes(String(queued!.params.side)));
  assertEquals(queued!.values, [0.0625]);
  assertEquals(own!.state, "complete");
});

Deno.test("optimize() asks the sampler for nothing where all is fixed", async () => {
  const { run, study, journal, id } = await begin();
  await journal.createTrial(id, {
    state: "waiting",
    systemAttributes: { fixed_params: { side: "left" } },
  });
  const choice: Space = { side: space.side! };
  await run({
    space: choice,
    trials: 1,
    sampler: gridSampler({ side: ["left", "right"] }),
    objective: () => Promise.resolve({ value: 1 }),
  });
  const [trial] = (await study()).trials;
  assert(!("grid_id" in trial!.systemAttributes));
});

Deno.test("optimize() fails a trial whose queued parameter is no choice, and continues", async () => {
  const { run, study, journal, id } = await begin();
  await journal.createTrial(id, {
    state: "waiting",
    systemAttributes: { fixed_params: { side: "up" } },
  });
  await run({ trials: 2 });
  const [bad, good] = (await study()).trials;
  assertEquals(bad!.state, "failed");
  assertEquals(
    bad!.userAttributes.error,
    'Cannot try queued parameter "side": found "up", expected one of ["left","right"]',
  );
  assertEquals(good!.state, "complete");
});

Deno.test("optimize() ends on its own where a grid has been tried", async () => {
  const { run, study } = await begin();
  await run({
    space: { side: space.side! },
    sampler: gridSampler({ side: ["left", "right"] }),
    objective: () => Promise.resolve({ value: 1 }),
    trials: 50,
  });
  const { trials } = await study();
  assertEquals(trials.map(({ params }) => params.side).sort(), [
    "left",
    "right",
  ]);
});

Deno.test("optimize() notes intermediate values, and ends trials that the pruner judges", async () => {
  const { run, study } = await begin();
  await run({
    pruner: medianPruner({ startupTrials: 2 }),
    trials: 4,
    objective: async (trial) => {
      for (let step = 1; step <= 3; step++) {
        // The first two do well, the others do not.
        await trial.report(step, trial.number < 2 ? 0 : step);
        if (await trial.shouldPrune()) return { pruned: true };
      }
      return { value: 0 };
    },
  });
  const result = await study();
  assertEquals(statesOf(result), "complete complete pruned pruned");
  assertEquals([...result.trials[1]!.intermediateValues], [
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
  assertEquals([...result.trials[2]!.intermediateValues], [[1, 1]]);
  assertEquals(result.trials[2]!.values, [1]);
});

Deno.test("optimize() fails a trial that diverges, says why, does not try it again, and continues", async () => {
  const { run, study } = await begin();
  await run({
    objective: async (trial) => {
      await trial.setUserAttribute("run", `trial-${trial.number}`);
      if (trial.number === 1) throw new TrainingError("Loss NaN");
      if (trial.number === 2) return { value: NaN };
      return { value: 1 };
    },
  });
  const result = await study();
  assertEquals(statesOf(result), "complete failed failed complete");
  assertEquals(result.trials[1]!.userAttributes, {
    run: "trial-1",
    error: "Loss NaN",
  });
  assertEquals(
    result.trials[2]!.userAttributes.error,
    'Cannot judge trial "2": found a value that is not a number',
  );
});

Deno.test("optimize() ends with any other error, once the trial is marked failed", async () => {
  const { run, study } = await begin();
  await assertRejects(
    () => run({ objective: () => Promise.reject(new RangeError("A defect")) }),
    RangeError,
    "A defect",
  );
  const result = await study();
  assertEquals(statesOf(result), "failed");
  assertEquals(result.trials[0]!.userAttributes.error, "A defect");
});

Deno.test("optimize() queues parameters again that a fault of the machine ended, as often as lost ones", async () => {
  const { run, study } = await begin();
  const states = ["failed waiting", "failed failed waiting"];
  for (const expected of [...states, "failed failed failed"]) {
    await assertRejects(
      () =>
        run({
          retries: 2,
          objective: () => Promise.reject(new FileError("No room")),
        }),
      FileError,
      "No room",
    );
    assertEquals(statesOf(await study()), expected);
  }
  const { trials } = await study();
  assertEquals(trials[2]!.params, trials[0]!.params);
  assertEquals(trials[0]!.userAttributes.error, "No room");
  assertEquals(trials[2]!.systemAttributes.retry_history, [0, 1]);
});

Deno.test("optimize() puts the trial back into the queue when aborted, and takes it up again", async () => {
  const { run, study } = await begin();
  const controller = new AbortController();
  const reason = new Error("Enough");
  await assertRejects(
    () =>
      run({
        signal: controller.signal,
        objective: async ({ signal, report }) => {
          await report(1, 0.5);
          controller.abort(reason);
          signal.throwIfAborted();
          return { value: 1 };
        },
      }),
    Error,
    "Enough",
  );
  const [before] = (await study()).trials;
  assertEquals(before!.state, "waiting");
  assertEquals(startedTrials(await study()), []);
  await run({ trials: 1 });
  const { trials } = await study();
  assertEquals(trials.length, 1);
  assertEquals(trials[0]!.state, "complete");
  assertEquals(trials[0]!.params, before!.params);
});

Deno.test("optimize() keeps the result of an objective that was done when the abort came", async () => {
  const { run, study } = await begin();
  const controller = new AbortController();
  await assertRejects(() =>
    run({
      signal: controller.signal,
      objective: () => {
        controller.abort(new Error("Late"));
        return Promise.resolve({ value: 3 });
      },
    })
  );
  const result = await study();
  assertEquals(statesOf(result), "complete");
  assertEquals(result.trials[0]!.values, [3]);
});

Deno.test("optimize() takes over a silent worker's trial: failed, and tried again with its parameters", async () => {
  const { run, study, journal, id } = await begin();
  const lost: number[] = [];
  const silent = await journal.createTrial(id, {
    params: { x: 0.5, side: "right" },
    distributions: space,
    userAttributes: { run: "trial-0000" },
    systemAttributes: { heartbeat: "2020-01-01T00:00:00Z", worker: "gone" },
    started: new Date("2020-01-01T00:00:00Z"),
  });
  let previous: readonly number[] = [];
  await run({
    trials: 1,
    onLost: ({ trial }) => lost.push(trial.number),
    objective: (trial) => {
      previous = trial.previous;
      assertEquals(trial.userAttributes.run, "trial-0000");
      return parabola(trial);
    },
  });
  assertEquals(lost, [silent.number]);
  assertEquals(previous, [0]);
  const result = await study();
  assertEquals(statesOf(result), "failed complete");
  assertEquals(result.trials[1]!.params, { x: 0.5, side: "right" });
  assertEquals(result.trials[1]!.values, [0.25]);
});

Deno.test("optimize() leaves a trial without a heartbeat alone, which is another program's", async () => {
  const { run, study, journal, id } = await begin();
  await journal.createTrial(id, { started: new Date("2020-01-01") });
  await run({ trials: 2 });
  assertEquals(statesOf(await study()), "running complete");
});

Deno.test("optimize() beats while it works, and waits in the end for others that do", async () => {
  const { path, id, study } = await begin();
  const { promise: hasBegun, resolve: begun } = Promise.withResolvers<void>();
  const slow = async () => {
    await optimize(await Journal.open(path), id, {
      ...usual,
      trials: 2,
      heartbeat: 0.05,
      grace: 0.6,
      objective: async (trial) => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return await parabola(trial);
      },
    });
  };
  const quick = async () => {
    await hasBegun;
    await optimize(await Journal.open(path), id, {
      ...usual,
      trials: 2,
      grace: 0.6,
    });
    // The slow one lived through more than its time of grace.
    assertEquals(statesOf(await study()), "complete complete");
  };
  await Promise.all([slow(), quick()]);
});

Deno.test("optimize() continues with the next trial where its own was taken for dead", async () => {
  const { run, study, journal, id } = await begin();
  let seen: unknown;
  await run({
    trials: 3,
    objective: async (trial) => {
      if (trial.number > 0) return await parabola(trial);
      await journal.setTrialState(0, "failed");
      try {
        await trial.report(1, 0);
      } catch (error) {
        seen = error;
        throw error;
      }
      return { value: 0 };
    },
  });
  assert(seen instanceof LostTrialError);
  assertEquals(statesOf(await study()), "failed complete complete");
  assertEquals((await study()).id, id);
});

Deno.test("optimize() gives parameters up whose workers died too often", async () => {
  const { run, study, journal, id } = await begin();
  await journal.createTrial(id, {
    systemAttributes: {
      [trialAttributes.heartbeat]: "2020-01-01T00:00:00Z",
      failed_trial: 5,
      retry_history: [5, 6],
    },
    started: new Date("2020-01-01T00:00:00Z"),
  });
  await run({ trials: 1, retries: 2 });
  assertEquals(statesOf(await study()), "failed");
});
