import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { TrainingError, UsageError } from "@unet/errors";
import { lrRange } from "./lr_range.ts";

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const drawn = synthesize({ count: 10, width: 32, height: 32, seed: 2 });
  await writeKaggle(drawn, join(folder, "data"));
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

function choices() {
  return {
    data: join(folder, "data"),
    ...{ width: 0.05, tile: 32, batch: 4, device: "wasm", workers: 0 },
    ...{ steps: 40, trialSteps: 2 },
  };
}

Deno.test("lrRange() reports a curve, then short trainings, the best of which it suggests", async () => {
  const heard: string[] = [], steps = new Set<number | null>();
  const report = await lrRange({ ...choices(), trialSteps: 24 }, {
    onDevice: ({ name }) => void heard.push(name),
    onStart: ({ optimizer }) => void heard.push(optimizer),
    onStep: ({ learningRate }) => void steps.add(learningRate),
    onCurve: (points) => void heard.push(`${points.length > 10}`),
    onTrial: ({ learningRate }) => void heard.push(`${learningRate}`),
  });
  const rates = report.trials.map(({ learningRate }) => learningRate);
  assert(rates.length > 1 && rates.includes(report.learningRate));
  assertEquals(heard, ["wasm", "adamw", "true", ...rates.map(String)]);
  assertEquals([...steps], [null, ...rates]);
  assert(!("trialSteps" in report.settings), "settings are those of train()");
  const better = report.trials.find(({ learningRate }) =>
    learningRate === report.learningRate
  )!;
  for (const { evaluation } of report.trials) {
    assert(evaluation!.scores.f1 <= better.evaluation!.scores.f1 + 0.02);
  }
});

Deno.test("lrRange() throws where no short training learned anything, with the rates that it tried", async () => {
  const tried: number[] = [];
  const error = await assertRejects(
    () =>
      // Rates too small to change any weight, in the curve and after it.
      lrRange({
        ...{ ...choices(), from: 1e-12, to: 1e-11, learningRate: 1e-12 },
      }, {
        onTrial: ({ learningRate }) => void tried.push(learningRate),
      }),
    TrainingError,
    'Cannot suggest learning rate from "short trainings": found that 2 steps at ',
  );
  assert(error.message.includes(` at ${tried.join(", ")} gave no network`));
});

Deno.test("lrRange() refuses ends that leave no range, before anything is opened", async () => {
  for (
    const ends of [{ from: 1, to: 0.1 }, { from: 2 }, { to: 1e-6 }]
  ) {
    await assertRejects(
      () =>
        lrRange({ ...choices(), ...ends }, {
          onDevice: () => assert(false, "a device was opened"),
        }),
      UsageError,
      `Cannot use setting "to": found ${ends.to ?? 1}, expected above \`from ${
        ends.from ?? 0.00001
      }\``,
    );
  }
});

Deno.test("lrRange() ends by its signal, in the curve and in a short training", async () => {
  for (const isTrial of [false, true]) {
    const controller = new AbortController(), reason = new Error("enough");
    const steps: boolean[] = [];
    const error = await assertRejects(() =>
      lrRange({ ...choices(), trialSteps: 50 }, {
        signal: controller.signal,
        onStep({ learningRate }) {
          steps.push(learningRate !== null);
          if (steps.at(-1) === isTrial) controller.abort(reason);
        },
      })
    );
    assertEquals(error, reason);
    assertEquals(steps.filter((kind) => kind === isTrial).length, 1);
  }
});
