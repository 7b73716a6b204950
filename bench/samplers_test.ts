import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { noisyValue, samplerTasks } from "./sampler_tasks.ts";

const root = fromFileUrl(new URL("../", import.meta.url));

/** Runs `deno task bench samplers` without peers. */
async function bench(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=bench", "bench/main.ts"],
      ...["samplers", "--peers", "none", ...args],
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const [text, message] = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  return { code, text, message };
}

/** Where each function is least, and what it is there, from its definition. */
const optima: Record<string, [Record<string, number | string>, number]> = {
  sphere: [point([3.7888, -2.1504, 1.3312, -4.4032, 2.9696]), 0],
  rosenbrock: [point([1, 1, 1, 1]), 0],
  branin: [{ x: Math.PI, y: 2.275 }, 0.39788735772973816],
  hartmann6: [
    point([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573]),
    -3.322368,
  ],
  ackley: [point([24.24832, -13.76256, 8.51968, -28.18048, 19.00544]), 0],
  rastrigin: [point([3.7888, -2.1504, 1.3312, -4.4032]), 0],
  styblinski: [point(Array(4).fill(-2.903534)), -39.16616570377142 * 4],
  training: [
    {
      rate: 0.1,
      batch: 16,
      depth: 5,
      dropout: 0.3,
      optimizer: "sgd",
      loss: "bce+dice",
    },
    0.04 * 0.2 ** 2,
  ],
  noisy: [point([3.7888, -2.1504, 1.3312]), 0],
};

function point(x: readonly number[]): Record<string, number> {
  return Object.fromEntries(x.map((value, at) => [`x${at}`, value]));
}

for (const [name, task] of Object.entries(samplerTasks)) {
  Deno.test(`the benchmark's ${name} is least where its definition says`, () => {
    const [params, value] = optima[name]!;
    assert(Math.abs(task.valueOf(params) - value) < 1e-5);
    for (const [key, given] of Object.entries(params)) {
      const distribution = task.space[key]!;
      if (distribution.kind === "categorical") continue;
      const { low, high } = distribution;
      assert(low < Number(given) && Number(given) < high);
    }
  });
}

Deno.test("noisyValue() adds noise that seed and trial name", () => {
  const { noisy, sphere } = samplerTasks;
  const at = optima.noisy![0];
  assertEquals(noisyValue(noisy!, at, [1, 2]), noisyValue(noisy!, at, [1, 2]));
  assert(noisyValue(noisy!, at, [1, 2]) !== noisyValue(noisy!, at, [1, 3]));
  const best = optima.sphere![0];
  assertEquals(noisyValue(sphere!, best, [1, 2]), sphere!.valueOf(best));
});

Deno.test("samplers are compared and stored, ours alone without a peer", async () => {
  const file = join(await Deno.makeTempDir(), "samplers.json");
  const { code, text, message } = await bench(
    ...["--seeds", "2", "--trials", "30", "--tasks", "branin", "--json"],
    ...["--out", file],
  );
  assertEquals(code, 0, message);
  const rows = JSON.parse(text);
  assertEquals(
    rows.map((row: Record<string, unknown>) => [
      row.task,
      row.mode,
      row.optuna,
      row.significance,
    ]),
    [
      ["branin", "multivariate", null, null],
      ["branin", "univariate", null, null],
    ],
  );
  for (const { ours, random } of rows) {
    assertEquals([ours.best.length, random.best.length], [2, 2]);
    assert(ours.best[0] <= ours.best[1] && ours.best[0] >= 0.397);
  }
  const stored = JSON.parse(await Deno.readTextFile(file));
  assertEquals(stored.results, rows);
  assertEquals([stored.seeds, stored.trials], [2, 30]);
});

Deno.test("an unknown task is refused with the list of those there are", async () => {
  const { code, message } = await bench("--tasks", "branin,parabola");
  assertEquals(code, 2);
  assertStringIncludes(
    message,
    'Cannot use task "parabola": found no such task, expected sphere, rosenbrock, ',
  );
});
