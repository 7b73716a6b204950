import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError, UsageError } from "@unet/errors";
import { Journal } from "@unet/tune/journal";
import { findStudy } from "./find_study.ts";
import { fixedValuesOf, openStudy, type StudyPlan } from "./open_study.ts";

async function planIn(): Promise<StudyPlan> {
  const out = join(await Deno.makeTempDir(), "study");
  return {
    path: join(out, "study.journal"),
    name: "unet",
    out,
    fixed: { data: "cells", epochs: "5" },
    space: { batch: { kind: "categorical", choices: [8, 16] } },
  };
}

Deno.test("openStudy() begins a study, and opens it the next time", async () => {
  const plan = await planIn();
  const { study } = await openStudy(plan);
  assertEquals(study.directions, ["maximize"]);
  assertEquals(study.systemAttributes["study:metric_names"], [
    "validation F1",
  ]);
  assertEquals(fixedValuesOf(study), plan.fixed);
  const again = await openStudy({
    ...plan,
    fixed: { ...plan.fixed, data: "elsewhere" },
  });
  assertEquals(again.study, study);
});

Deno.test("openStudy() of several at once begins one study", async () => {
  const plan = await planIn();
  await Promise.all(Array.from({ length: 4 }, () => openStudy(plan)));
  const journal = await Journal.open(plan.path);
  assertEquals(journal.studies.length, 1);
});

Deno.test("openStudy() refuses a study that is about something else", async () => {
  const plan = await planIn();
  const { journal, study } = await openStudy(plan);
  await journal.createTrial(study.id, {
    params: { batch: 8 },
    distributions: plan.space,
  });
  const cases: readonly (readonly [Partial<StudyPlan>, string])[] = [
    [
      { fixed: { epochs: "6" } },
      "found `epochs 6`, expected `epochs 5`, as it began",
    ],
    [{ fixed: {} }, "found no `epochs`, expected `epochs 5`, as it began"],
    [
      { fixed: { ...plan.fixed, width: "1" } },
      "found `width 1`, expected no `width`, as it began",
    ],
    [
      { space: { batch: { kind: "categorical", choices: [16, 8] } } },
      "found parameter batch with choices 16, 8, expected choices 8, 16, as in trial 0",
    ],
    [
      {
        space: {
          batch: { kind: "int", low: 1, high: 8, log: true, step: 1 },
        },
      },
      "found parameter batch with whole numbers on a logarithmic scale",
    ],
  ];
  for (const [change, message] of cases) {
    await assertRejects(
      () => openStudy({ ...plan, ...change }),
      UsageError,
      `Cannot continue study "unet": ${message}`,
    );
  }
  await journal.createStudy("least", ["minimize"]);
  await assertRejects(
    () => openStudy({ ...plan, name: "least" }),
    UsageError,
    "found one to minimize, expected one to maximize",
  );
});

Deno.test("openStudy() begins none among the trials of another", async () => {
  const plan = await planIn();
  await Deno.mkdir(join(plan.out, "trial-0003"), { recursive: true });
  await assertRejects(
    () => openStudy(plan),
    FileError,
    "found trial-0003, of another study",
  );
  assert(
    ![...Deno.readDirSync(plan.out)].some(({ name }) =>
      name.endsWith(".journal")
    ),
  );
});

Deno.test("findStudy() takes the only study, or the one that is named", async () => {
  const plan = await planIn();
  const { journal, study } = await openStudy(plan);
  assertEquals(await findStudy(plan.path, undefined), study);
  await journal.createStudy("second", ["minimize"]);
  assertEquals((await findStudy(plan.path, "second")).name, "second");
  await assertRejects(
    () => findStudy(plan.path, undefined),
    UsageError,
    "found 2 studies, expected `name` with one of unet, second",
  );
  await assertRejects(
    () => findStudy(plan.path, "third"),
    UsageError,
    "found none of name third, expected `name` with one of unet, second",
  );
  const empty = join(plan.out, "empty");
  await Deno.writeTextFile(empty, "");
  await assertRejects(() => findStudy(empty, undefined), FileError, "no study");
});
