import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { train } from "@unet/app";
import { checkDataset, encodePng, openDataset, synthesize } from "@unet/data";
import { readTextFile, writeFile } from "@unet/files";
import { faultOf, openPlace } from "../fixtures/place.ts";
import type { Visitor } from "../fixtures/visitor.ts";
import type { ListedRun } from "../folder/runs.ts";
import type { TrainingView } from "../jobs/trainings.ts";

const size = { width: 64, height: 64 };
const drawn = await Promise.all(
  [...synthesize({ count: 3, ...size, seed: 5 })].map(
    async ({ image, labels }) => ({
      image: await encodePng(image),
      mask: await encodePng({
        ...{ ...size, channels: 1, depth: 16 },
        data: Uint16Array.from(labels.data),
      }),
    }),
  ),
);

const images = Object.fromEntries(
  drawn.map(({ image }, at) => [`${at}.png`, image]),
);
const masks = Object.fromEntries(
  drawn.map(({ mask }, at) => [`masks/${at}.png`, mask]),
);

/** A network that trains in seconds. */
const tiny = {
  ...{ width: 0.0625, tile: 64, batch: 2, epochs: 2, workers: 0 },
  ...{ device: "wasm", "batch-norm-batches": 0, validation: 0 },
};

/** Waits until a training ended. */
async function ended(visitor: Visitor): Promise<TrainingView> {
  for (;;) {
    const view: TrainingView = await (await visitor.get("/api/training"))
      .json();
    if (view.state !== "running" && view.state !== "stopping") return view;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function runsOf(visitor: Visitor): Promise<ListedRun[]> {
  return await (await visitor.get("/api/runs")).json();
}

Deno.test("/api/train trains on corrected masks, and its model is offered and predicts", async () => {
  await using here = await openPlace({ ...images, ...masks });
  const { visitor, folder } = here;
  await Deno.remove(join(folder, "masks", "2.png"));
  const begun = await visitor.post("/api/train", { values: tiny });
  assertEquals((await begun.json()).state, "running");
  const view = await ended(visitor);
  assertEquals([view.state, view.fault], ["ended", null]);
  assertEquals(view.images, { train: 2, validation: 0 });
  assertEquals(view.notes, ["Not used: 1 image without a mask (2.png)"]);
  assertEquals(view.rows.map(({ epoch }) => epoch), [1, 2]);
  const [run] = await runsOf(visitor);
  assertEquals(
    [run!.name, run!.epoch, run!.canResume, run!.isHeldOut, run!.fault],
    ["model-1", 2, false, false, null],
  );
  const models: string[] = await (await visitor.get("/api/models")).json();
  assertEquals(models[0], run!.model);
  const sample = await visitor.get("/api/train/sample?name=model-1&number=1");
  assertEquals(sample.headers.get("content-type"), "image/png");
  await sample.body?.cancel();
  await (await visitor.post("/api/predict", {
    ...{ name: "2.png", model: models[0] },
  })).json();
  let job = { state: "running", faults: [] };
  while (job.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await (await visitor.get("/api/job")).json();
  }
  assertEquals([job.state, job.faults], ["ended", []]);
});

Deno.test("/api/train starts from a model by the recipe finetune, and gives what the command line gives", async () => {
  await using here = await openPlace({ ...images, ...masks });
  const { visitor, folder } = here;
  const first = { values: { ...tiny, epochs: 1 }, name: "first" };
  await (await visitor.post("/api/train", first)).json();
  assertEquals((await ended(visitor)).fault, null);
  const [{ model } = { model: null }] = await runsOf(visitor);
  const form = await (await visitor.get(
    `/api/train/form?model=${encodeURIComponent(model!)}`,
  )).json();
  assertEquals([form.name, form.recipe], ["first-1", "finetune"]);
  const usual = new Map<string, string>(
    form.inputs.map((input: { name: string; usual: string }) => [
      input.name,
      input.usual,
    ]),
  );
  assertEquals([usual.get("epochs"), usual.get("lr")], ["10", "0.0005"]);
  assertEquals(usual.has("width"), false);
  const values = {
    ...{ epochs: 1, workers: 0, device: "wasm" },
    ...{ batch: 2, "tiles-per-epoch": 2 },
  };
  await (await visitor.post("/api/train", { model, values })).json();
  const { state, fault, rows, from } = await ended(visitor);
  assertEquals([state, fault, from], ["ended", null, model]);
  // Epoch 0 is the model that it started from.
  assertEquals(rows.map(({ epoch }) => epoch), [0, 1]);
  const run = join(folder, ".studio", "runs", "first-1");
  const out = join(folder, "..", "again");
  await train({
    ...{ epochs: 1, workers: 0, device: "wasm", batch: 2, tilesPerEpoch: 2 },
    ...{ recipe: "finetune", weights: model },
    ...{ data: folder, roles: join(run, "roles.json"), validation: 0, out },
  });
  const file = ["best", "model.safetensors"];
  assertEquals(
    await Deno.readFile(join(out, ...file)),
    await Deno.readFile(join(run, ...file)),
  );
});

Deno.test("a training is stopped, resumed, and ends as one that was not", async () => {
  await using here = await openPlace({ ...images, ...masks });
  const { visitor, folder } = here;
  const values = { ...tiny, epochs: 3 };
  await (await visitor.post("/api/train", { values, name: "whole" })).json();
  assertEquals((await ended(visitor)).state, "ended");
  await (await visitor.post("/api/train", { values, name: "parts" })).json();
  const stopping = await (await visitor.post("/api/train/stop", {})).json();
  assertEquals(stopping.state, "stopping");
  const stopped = await ended(visitor);
  assertEquals([stopped.state, stopped.fault], ["stopped", null]);
  const parts = (await runsOf(visitor)).find(({ name }) => name === "parts");
  // Before its first step it leaves nothing to resume.
  const again = parts
    ? await visitor.post("/api/train/resume", { name: "parts" })
    : await visitor.post("/api/train", { values, name: "parts" });
  assertEquals(again.status, 200, await again.text());
  assertEquals((await ended(visitor)).state, "ended");
  const file = (name: string) =>
    Deno.readFile(
      join(folder, ".studio", "runs", name, "last", "model.safetensors"),
    );
  assertEquals(await file("parts"), await file("whole"));
});

Deno.test("/api/train refuses settings that are unknown, of another kind, or contradict one another", async () => {
  await using here = await openPlace({ ...images, ...masks });
  const { visitor } = here;
  const cases: readonly [unknown, RegExp][] = [
    [{ tints: 3 }, /Cannot use setting "tints": found no such setting/],
    [{ out: "/tmp/elsewhere" }, /"out": found no such setting/],
    [{ data: "/" }, /"data": found no such setting/],
    [{ roles: "/etc/passwd" }, /"roles": found no such setting/],
    [{ epochs: "many" }, /"epochs": found many in the form, expected a whole/],
    [{ epochs: 0 }, /"epochs": found 0 in the form/],
    [{ epochs: {} }, /"epochs"/],
    [{ epochs: [3] }, /"epochs"/],
    [{ nesterov: 1 }, /"nesterov".*true or false/],
    [{ loss: "guess" }, /"loss"/],
    [{ patience: 2, validation: 0 }, /"patience"/],
    [{ recipe: "finetune" }, /"recipe": found finetune without a model/],
    [{ tile: 63 }, /"tile"/],
    ["text", /values "text", expected an object/],
  ];
  for (const [values, expected] of cases) {
    const response = await visitor.post("/api/train", { values });
    assertMatch(await faultOf(response, 400), expected);
  }
  for (
    const name of ["../x", "a/b", "", ".hidden", "x", 7, "a\n", "a".repeat(99)]
  ) {
    const response = await visitor.post("/api/train", { values: tiny, name });
    assertMatch(await faultOf(response, 400), /name/);
  }
  for (const model of ["/etc", "none", 3]) {
    const response = await visitor.post("/api/train", { model, values: tiny });
    assertMatch(await faultOf(response, 400), /found model/);
  }
  assertEquals(await runsOf(visitor), []);
});

Deno.test("/api/train refuses a folder without masks of a person, and a second training", async () => {
  await using here = await openPlace(images);
  const { visitor, folder } = here;
  const none = await visitor.post("/api/train", { values: tiny });
  assertMatch(
    await faultOf(none, 409),
    /no mask that is corrected or accepted/,
  );
  await writeFile(join(folder, "masks", "0.png"), drawn[0]!.mask);
  const both = await Promise.all(
    [1, 2].map(() => visitor.post("/api/train", { values: tiny })),
  );
  const statuses = both.map(({ status }) => status).sort();
  assertEquals(statuses, [200, 409]);
  for (const response of both) {
    const { error } = await response.json();
    if (error) assertMatch(error, /found another training under way/);
  }
  const resumed = await visitor.post("/api/train/resume", { name: "model-1" });
  assertMatch(await faultOf(resumed, 409), /another training/);
  assertEquals((await ended(visitor)).state, "ended");
  const taken = { values: tiny, name: "model-1" };
  const again = await visitor.post("/api/train", taken);
  assertMatch(await faultOf(again, 409), /found a training of that name/);
  for (const name of ["none", "../runs"]) {
    const response = await visitor.post("/api/train/resume", { name });
    assert([400, 404].includes(response.status));
    await response.body?.cancel();
  }
});

Deno.test("a training leaves out the pixels of masks that nobody labeled, and takes them for no object", async () => {
  const data = new Uint16Array(64 * 64);
  data.fill(1, 0, 640);
  data.fill(2 ** 16 - 1, 2000);
  const mask = await encodePng({ ...size, channels: 1, depth: 16, data });
  await using here = await openPlace({ ...images, "masks/0.png": mask });
  const { visitor, folder } = here;
  const one = { ...tiny, epochs: 1 };
  await (await visitor.post("/api/train", { values: one })).json();
  assertEquals((await ended(visitor)).fault, null);
  const path = join(folder, ".studio", "runs", "model-1", "config.json");
  const { ignore } = JSON.parse(await readTextFile(path, "file")).settings;
  assertEquals(ignore, [65535, 4294967295]);
  const checked = await openDataset(folder);
  const { cases } = await checkDataset(checked, { ignore });
  checked.close();
  assertEquals(cases.map(({ nuclei, labeled }) => [nuclei, labeled]), [
    [1, 2000 / 4096],
  ]);
});

Deno.test("a run that leads out of the folder is not resumed, and a damaged one is listed with its fault", async () => {
  await using here = await openPlace({
    ...images,
    ".studio/runs/bad/config.json": "{",
  });
  const { visitor, folder } = here;
  const [bad] = await runsOf(visitor);
  assertMatch(bad!.fault!, /Cannot read run file/);
  const outside = join(folder, "..", "run");
  await writeFile(join(outside, "config.json"), "{}");
  await Deno.symlink(outside, join(folder, ".studio", "runs", "linked"));
  const response = await visitor.post("/api/train/resume", { name: "linked" });
  assertMatch(await faultOf(response, 403), /leads out/);
  assertEquals(await readTextFile(join(outside, "config.json"), "file"), "{}");
});

Deno.test("masks of the studio are a data set for the command line, too", async () => {
  await using here = await openPlace({ ...images, ...masks });
  const dataset = await openDataset(here.folder);
  dataset.close();
  assertEquals(dataset.cases.map(({ id }) => id), ["0", "1", "2"]);
});
