import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { FileError, TrainingError } from "@unet/errors";
import { loadModel } from "@unet/model";
import { bceWithLogits } from "../losses/bce_with_logits.ts";
import { constant } from "../schedules/constant.ts";
import { drawCurves } from "./curves.ts";
import {
  contentOf,
  filesIn,
  temporaryFolder,
  tinyLoader,
  tinyModel,
} from "../fixtures/tiny.ts";
import { formatCsv, parseCsv } from "./metrics_csv.ts";
import { createRun, openRun, requireNoRun } from "./run_folder.ts";
import { sgd } from "../optimizers/sgd.ts";
import { Trainer } from "../trainer.ts";
import { initialState, type TrainingState } from "./training_state.ts";

await tf.setBackend("cpu");

const config = {
  formatVersion: 1,
  settings: { lr: 0.1 + 0.2, data: null, out: "runs/é", skip: [true, "a\nb"] },
};

const split = { train: ["a/1", "Zellkern 細胞"], validation: ["b"], test: [] };

/** The files and folders of a folder. */
function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

/** A run of one epoch that was trained, and what it came to. */
async function trainedRun(path: string): Promise<TrainingState> {
  const run = await createRun(path, config, split);
  const model = tinyModel(), optimizer = sgd(), loader = tinyLoader();
  const state = await new Trainer({
    optimizer,
    loss: bceWithLogits,
    model,
    trainDataloader: loader,
    testDataloader: loader,
    epochs: 1,
    device: { name: "cpu" },
    scheduler: constant({ learningRate: 0.1 }),
    record: run.record(model, optimizer),
  }).fit();
  model.dispose();
  optimizer.dispose();
  return state;
}

Deno.test("createRun() writes settings and split, which openRun() reads to the same values", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "deep", "run");
  const made = await createRun(path, config, split);
  assertEquals(namesIn(path), ["config.json", "split.json"]);
  const text = await Deno.readTextFile(join(path, "config.json"));
  assertEquals(text, JSON.stringify(config, null, 2) + "\n");
  const opened = await openRun(path);
  for (const run of [made, opened]) {
    assertEquals(run.path, path);
    assertEquals(run.config, config);
    assertEquals(run.split, split);
    assertEquals(run.samplePath("01.png"), join(path, "samples", "01.png"));
  }
});

Deno.test("RunFolder.readState() says where a training stands, and refuses a damaged state", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "run");
  const made = await createRun(join(folder.path, "new"), config, split);
  assertEquals(await made.readState(), initialState);
  const state = await trainedRun(path), run = await openRun(path);
  assertEquals(await run.readState(), state);
  // A kill in the middle of saving leaves the old checkpoint aside.
  await Deno.rename(join(path, "last"), join(path, "last.old"));
  assertEquals(await run.readState(), state);
  await Deno.writeTextFile(join(path, "last.old", "state.json"), "{}");
  await assertRejects(() => run.readState(), TrainingError);
});

Deno.test("requireNoRun() refuses what a run would replace, and a study's folder", async () => {
  const refused = [
    ...["metrics.csv", "curves.svg", "samples/01.png", "last/notes.txt"],
    ...["best.old/model.safetensors", "trial-0000/config.json"],
    "study.journal",
  ];
  for (const name of refused) {
    await using folder = await temporaryFolder();
    await Deno.mkdir(dirname(join(folder.path, name)), { recursive: true });
    await Deno.writeTextFile(join(folder.path, name), "mine");
    const error = await assertRejects(
      () => requireNoRun(folder.path),
      FileError,
      `Cannot start run "${folder.path}": found `,
    );
    assertStringIncludes(error.message, name.split("/")[0]!);
    assertEquals(await Deno.readTextFile(join(folder.path, name)), "mine");
  }
});

Deno.test("requireNoRun() takes an empty folder, notes, and a start that was killed", async () => {
  await using folder = await temporaryFolder();
  await requireNoRun(join(folder.path, "none"));
  for (const name of ["split.json", ".lock", ".lock.json", "notes.txt"]) {
    await Deno.writeTextFile(join(folder.path, name), "{}");
  }
  await requireNoRun(folder.path);
  assertEquals(namesIn(folder.path).length, 4);
});

Deno.test("createRun() refuses the place of a run and changes nothing there", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await requireNoRun(path);
  await createRun(path, config, split);
  const before = await filesIn(path);
  const expected = `Cannot start run "${path}": found a run there already, ` +
    `expected a new folder; continue it with \`resume ${path}\`, or choose ` +
    "another `out`";
  for (
    const start of [
      () => createRun(path, {}, { ...split, train: [] }),
      () => requireNoRun(path),
    ]
  ) {
    const error = await assertRejects(start, FileError);
    assertEquals(error.message, expected);
  }
  assertEquals(await filesIn(path), before);
});

Deno.test("createRun() starts over where a start was killed before its end", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.writeTextFile(join(path, "split.json"), '{"train": ["old"]}');
  await createRun(path, config, split);
  assertEquals((await openRun(path)).split, split);
});

Deno.test("createRun() refuses a file's place", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file");
  await Deno.writeTextFile(path, "mine");
  await assertRejects(() => createRun(path, config, split), FileError, path);
  assertEquals(await Deno.readTextFile(path), "mine");
});

Deno.test("openRun() refuses a place without a run", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "file");
  await Deno.writeTextFile(file, "");
  for (const path of [folder.path, join(folder.path, "none"), file]) {
    const error = await assertRejects(() => openRun(path), TrainingError);
    assertEquals(
      error.message,
      `Cannot open run "${path}": found no config.json, expected a folder that train made`,
    );
  }
});

for (
  const [name, content, found] of [
    ["config.json", "", "text that is not JSON"],
    ["config.json", '{"a": 1', "text that is not JSON"],
    ["config.json", "[]", "values without names"],
    ["config.json", "null", "values without names"],
    ["config.json", '"text"', "values without names"],
    ["split.json", "{", "text that is not JSON"],
    ["split.json", "3", "values without names"],
    ["split.json", "{}", 'no list of images "train"'],
    [
      "split.json",
      '{"train": ["a"], "validation": [1], "test": []}',
      'no list of images "validation"',
    ],
    [
      "split.json",
      '{"train": ["a"], "validation": ["b"], "test": {"length": 0}}',
      'no list of images "test"',
    ],
  ] as const
) {
  Deno.test(`openRun() refuses a ${name} that holds ${JSON.stringify(content)}`, async () => {
    await using folder = await temporaryFolder();
    await createRun(folder.path, config, split);
    const path = join(folder.path, name);
    await Deno.writeTextFile(path, content);
    const error = await assertRejects(
      () => openRun(folder.path),
      TrainingError,
    );
    assertStringIncludes(
      error.message,
      `Cannot read run file "${path}": found ${found}, expected `,
    );
  });
}

Deno.test("openRun() refuses a run whose split is missing, or whose files are no text", async () => {
  await using folder = await temporaryFolder();
  await createRun(folder.path, config, split);
  const path = join(folder.path, "split.json");
  await Deno.writeFile(path, new Uint8Array([0xff]));
  await assertRejects(() => openRun(folder.path), FileError, "not text");
  await Deno.remove(path);
  const error = await assertRejects(() => openRun(folder.path), FileError);
  assertEquals(
    error.message,
    `Cannot read run file "${path}": found no such file or folder`,
  );
});

Deno.test("RunFolder.resume() gives the start where nothing was saved, and changes nothing", async () => {
  await using folder = await temporaryFolder();
  const run = await createRun(folder.path, config, split);
  const model = tinyModel(), optimizer = sgd();
  const before = contentOf(model);
  assertEquals(await run.resume(model, optimizer), initialState);
  assertEquals(contentOf(model, optimizer), before);
  assertEquals(namesIn(folder.path), ["config.json", "split.json"]);
  model.dispose();
});

Deno.test("RunFolder.record() saves checkpoints, metrics and curves, which resume() takes up", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const ended = await trainedRun(path);
  assertEquals(namesIn(path), [
    ...["best", "config.json", "curves.svg", "last", "metrics.csv"],
    "split.json",
  ]);
  const read = (name: string) => Deno.readTextFile(join(path, name));
  assertEquals(parseCsv(await read("metrics.csv")), ended.rows);
  assertEquals(await read("curves.svg"), drawCurves(ended.rows));
  const model = tinyModel({}, 9), optimizer = sgd();
  const run = await openRun(path);
  assertEquals(await run.resume(model, optimizer), ended);
  for (const saved of ["best", "last"]) {
    const loaded = await loadModel(join(path, saved));
    assertEquals(contentOf(loaded), contentOf(model));
    loaded.dispose();
  }
  model.dispose();
  optimizer.dispose();
});

Deno.test("RunFolder.withConfig() replaces the settings, and nothing else", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await createRun(path, { epochs: 10, width: 0.25 }, split);
  const run = await openRun(path);
  const changed = await run.withConfig({ ...run.config, epochs: 20 });
  assertEquals(changed.config, { epochs: 20, width: 0.25 });
  const { config, split: kept } = await openRun(path);
  assertEquals([config, kept], [changed.config, split]);
  assertEquals(namesIn(path), ["config.json", "split.json"]);
});

Deno.test("RunFolder.resume() derives metrics and curves anew, and puts both checkpoints right", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const ended = await trainedRun(path);
  // As a kill between the checkpoint and what is made from it leaves them.
  await Deno.remove(join(path, "curves.svg"));
  await Deno.writeTextFile(join(path, "metrics.csv"), formatCsv([]));
  for (const name of ["best", "last"]) {
    await Deno.rename(join(path, name), join(path, `${name}.old`));
  }
  const model = tinyModel({}, 9), optimizer = sgd();
  const run = await openRun(path);
  assertEquals(await run.resume(model, optimizer), ended);
  assertEquals(namesIn(path), [
    ...["best", "config.json", "curves.svg", "last", "metrics.csv"],
    "split.json",
  ]);
  const text = await Deno.readTextFile(join(path, "metrics.csv"));
  assertEquals(parseCsv(text), ended.rows);
  model.dispose();
  optimizer.dispose();
});

Deno.test("RunFolder.resume() refuses a damaged checkpoint and leaves metrics and curves", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await trainedRun(path);
  await Deno.writeTextFile(join(path, "last", "state.json"), "{}");
  await Deno.writeTextFile(join(path, "metrics.csv"), "mine");
  const model = tinyModel({}, 9), optimizer = sgd();
  const before = contentOf(model);
  const run = await openRun(path);
  await assertRejects(
    () => run.resume(model, optimizer),
    TrainingError,
    join(path, "last", "state.json"),
  );
  assertEquals(contentOf(model, optimizer), before);
  assertEquals(await Deno.readTextFile(join(path, "metrics.csv")), "mine");
  model.dispose();
});
