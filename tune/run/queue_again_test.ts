import { assertEquals } from "@std/assert";
import { Journal } from "../journal/mod.ts";
import type { Study, Trial } from "../study.ts";
import { hasFallenSilent, heartbeatOf, queueAgain } from "./queue_again.ts";
import { retryHistory, startedTrials } from "./started_trials.ts";

const distributions = {
  x: { kind: "float", low: 0, high: 1, log: false, step: null },
} as const;

/** A study with a trial that runs. */
async function begin(
  systemAttributes: Record<string, unknown> = {},
): Promise<{ journal: Journal; id: number; trial: Trial; path: string }> {
  const path = `${await Deno.makeTempDir()}/study.journal`;
  const journal = await Journal.open(path);
  const { id } = await journal.createStudy("a", ["maximize"]);
  const trial = await journal.createTrial(id, {
    params: { x: 0.5 },
    distributions,
    userAttributes: { run: "trial-0000" },
    systemAttributes,
  });
  return { journal, id, trial, path };
}

const all = () => true;

Deno.test("queueAgain() writes what Optuna's RetryFailedTrialCallback writes", async () => {
  const { journal, id } = await begin({
    fixed_params: { x: 0.5 },
    heartbeat: "2026-01-01T00:00:00Z",
    worker: "a",
  });
  const [lost] = await queueAgain(journal, id, { isLost: all });
  assertEquals(lost!.trial.number, 0);
  const [failed, waiting] = (await journal.sync())[0]!.trials;
  assertEquals(failed!.state, "failed");
  assertEquals(waiting, lost!.successor);
  assertEquals(waiting!.state, "waiting");
  assertEquals(waiting!.params, { x: 0.5 });
  assertEquals(waiting!.distributions, distributions);
  assertEquals(waiting!.userAttributes, { run: "trial-0000" });
  assertEquals(waiting!.systemAttributes, {
    failed_trial: 0,
    fixed_params: { x: 0.5 },
    retry_history: [0],
  });
  assertEquals(waiting!.intermediateValues.size, 0);
});

Deno.test("queueAgain() keeps the first trial and the whole history of those tried again", async () => {
  const { journal, id } = await begin();
  for (let time = 0; time < 3; time++) {
    await queueAgain(journal, id, { isLost: all });
    await journal.claimWaiting(id);
  }
  const last = (await journal.sync())[0]!.trials.at(-1)!;
  assertEquals(last.systemAttributes, {
    failed_trial: 0,
    retry_history: [0, 1, 2],
  });
  const [lost] = await queueAgain(journal, id, { isLost: all });
  assertEquals(lost!.successor, null);
  assertEquals((await journal.sync())[0]!.trials.length, 4);
});

Deno.test("queueAgain() of two workers queues a trial again once", async () => {
  const { journal, id, path } = await begin();
  const other = await Journal.open(path);
  const both = await Promise.all(
    [journal, other].map((one) => queueAgain(one, id, { isLost: all })),
  );
  assertEquals(both.flat().length, 1);
  assertEquals((await journal.sync())[0]!.trials.length, 2);
});

Deno.test("queueAgain() leaves others alone", async () => {
  const { journal, id } = await begin();
  assertEquals(await queueAgain(journal, id, { isLost: () => false }), []);
  await journal.setTrialState(0, "complete", [1]);
  assertEquals(await queueAgain(journal, id, { isLost: all }), []);
});

Deno.test("hasFallenSilent() judges by the last sign of life", async () => {
  const { trial } = await begin();
  const at = (seconds: number): Date => new Date(1000 * seconds);
  const beat = (seconds: unknown, started: number): Trial => ({
    ...trial,
    systemAttributes: {
      heartbeat: typeof seconds === "number"
        ? at(seconds).toISOString()
        : seconds,
    },
    started: at(started),
  });
  const isSilent = hasFallenSilent(60, 1_000_000);
  assertEquals(isSilent(beat(939, 0)), true);
  assertEquals(isSilent(beat(941, 0)), false);
  // A heartbeat from before it was queued again.
  assertEquals(isSilent(beat(0, 941)), false);
  for (const none of [null, undefined, "soon", {}]) {
    assertEquals(isSilent(beat(none, 0)), false);
    assertEquals(heartbeatOf(beat(none, 0)), null);
  }
});

Deno.test("startedTrials() counts parameters once that were queued again", async () => {
  const { trial } = await begin();
  const study = (...trials: Partial<Trial>[]): Study => ({
    ...{ id: 0, name: "a", directions: ["maximize"] },
    ...{ userAttributes: {}, systemAttributes: {} },
    trials: trials.map((one, number) => ({ ...trial, number, ...one })),
  });
  const numbers = (one: Study) => startedTrials(one).map((t) => t.number);
  assertEquals(
    numbers(study(
      { state: "failed" },
      { state: "failed" },
      { state: "waiting" },
      { state: "running", systemAttributes: { retry_history: [0] } },
      { state: "pruned" },
      { state: "complete" },
    )),
    [1, 3, 4, 5],
  );
  for (const hostile of ["0", null, { length: 9 }, ["0", -1, 1.5, NaN]]) {
    const one = { ...trial, systemAttributes: { retry_history: hostile } };
    assertEquals(retryHistory(one), []);
  }
});
