import type { Task } from "@unet/task";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { parseWeights } from "@unet/model";
import * as onnx from "onnxruntime-node";
import { contentOf } from "./_run_content.ts";
import { createTrained, tiny } from "./_tiny_run.ts";
import { assertDone, faultOf, type Place } from "./_unet.ts";

let place: Place;

const start = (out: string, ...flags: string[]): string[] => [
  ...["train", ...tiny, "--width", "0.02", "--boundaries", "--out", out],
  ...["--boundary-weight", "0.3"],
  ...flags,
];

Deno.test.beforeAll(async () => {
  place = await createTrained(
    start("run", "--epochs", "2", "--workers", "0"),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** The settings that a run was made with. */
function settingsOf(run: string): Record<string, unknown> {
  return JSON.parse(Deno.readTextFileSync(place.at(run, "config.json")))
    .settings;
}

/** The weights of a file or a run. */
async function tensorsOf(name: string) {
  const path = place.at(name);
  return parseWeights(await Deno.readFile(path), path).tensors;
}

Deno.test("train --boundaries records it, and scores borders in metrics.csv", () => {
  assertEquals(settingsOf("run").boundaries, true);
  assertEquals(settingsOf("run").boundaryWeight, 0.3);
  const [header, ...rows] = Deno.readTextFileSync(place.at("run/metrics.csv"))
    .trimEnd().split("\n").map((line) => line.split(","));
  const column = header!.indexOf("borderF1");
  assertEquals(rows.length, 2);
  for (const row of rows) {
    const score = Number(row[column]);
    assert(score >= 0 && score <= 1, row.join());
  }
});

Deno.test("train --boundaries gives the same run for any number of workers", async () => {
  for (const workers of ["1", "2"]) {
    const out = `workers-${workers}`;
    assertDone(
      await place.unet(start(out, "--epochs", "2", "--workers", workers)),
    );
    assertEquals(contentOf(place.at(out)), contentOf(place.at("run")));
  }
});

Deno.test("train --boundaries resumes to the same bits", async () => {
  assertDone(
    await place.unet(start("stopped", "--epochs", "1", "--workers", "0")),
  );
  const resumed = await place.unet([
    ...["train", "--resume", "stopped", "--epochs", "2"],
  ]);
  assertDone(resumed);
  assertMatch(resumed.stdout, /\nContinues after epoch 1, /);
  assertEquals(contentOf(place.at("stopped")), contentOf(place.at("run")));
});

Deno.test("evaluate, segment, summary and calibrate take a model with borders", async () => {
  const model = ["--model", "run", "--device", "wasm"];
  const scores = await place.unet([
    ...["evaluate", ...model, "--data", "drawn", "--json"],
  ]);
  assertDone(scores);
  assertEquals(JSON.parse(scores.stdout).images, 9);
  const [first] = [...Deno.readDirSync(place.at("drawn"))];
  const image = `drawn/${first!.name}/images/${first!.name}.png`;
  assertDone(await place.unet(["segment", image, ...model, "--out", "masks"]));
  assert(Deno.statSync(place.at("masks", `${first!.name}.png`)).isFile);
  assertDone(await place.unet(["calibrate", ...model, "--data", "drawn"]));
  const summary = await place.unet(["summary", "run", "--size", "64"]);
  assertMatch(summary.stdout, /^head +1×1 convolution +64×64×2 /m);
  assertMatch(summary.stdout, /^Head object: 1 channel, sigmoid; /m);
  assertMatch(summary.stdout, /^Head border: 1 channel, sigmoid; /m);
  const planned = await place.unet(["summary", "--boundaries", "--json"]);
  const { heads } = JSON.parse(planned.stdout).plan.task as Task;
  assertEquals(heads.map(({ name }) => name), ["object", "border"]);
});

Deno.test("export writes both outputs, which start a network again", async () => {
  for (const format of ["onnx", "pth", "safetensors"]) {
    const out = `model.${format}`;
    assertDone(
      await place.unet(["export", "run", "--format", format, "--out", out]),
    );
  }
  const session = await onnx.InferenceSession.create(place.at("model.onnx"));
  assertEquals([...session.outputNames], [
    ...["logits", "probability", "border_probability"],
  ]);
  await session.release();
  const ended = await place.unet(
    start("from-pth", "--epochs", "1", "--weights", "model.pth"),
  );
  assertDone(ended);
  assert(!ended.stdout.includes("random"), ended.stdout);
});

Deno.test("train --boundaries starts from a model without borders, and says what is random", async () => {
  assertDone(
    await place.unet([
      ...["train", ...tiny, "--width", "0.02", "--epochs", "1"],
      ...["--out", "plain"],
    ]),
  );
  const known = (await tensorsOf("plain/best/model.safetensors"))
    .get("head.weight")!;
  assertDone(
    await place.unet([
      ...["export", "plain", "--format", "pth", "--out", "plain.pth"],
    ]),
  );
  const ways = [["--weights", "plain"], ["--weights", "plain.pth"], [
    ...["--weights-partial", "plain.pth"],
  ]];
  for (const [at, flags] of ways.entries()) {
    const out = `grown-${at}`;
    const args = start(out, "--epochs", "1", ...flags);
    args[args.indexOf("--lr") + 1] = "0";
    // A model of ours says how wide it is.
    if (at === 0) args.splice(args.indexOf("--width"), 2);
    const ended = await place.unet(args);
    assertDone(ended);
    assertMatch(
      ended.stdout,
      /^Starting at random: the borders' channel of head$/m,
    );
    const head = (await tensorsOf(`${out}/last/model.safetensors`))
      .get("head.weight")!;
    assertEquals(head.shape, [2, ...known.shape.slice(1)]);
    assertEquals(head.bytes.slice(0, known.bytes.length), known.bytes.slice());
    assertNotEquals(head.bytes.slice(known.bytes.length), known.bytes.slice());
  }
});

Deno.test("train keeps the borders of a model that it starts from, and cuts no head", async () => {
  assertDone(
    await place.unet([
      ...["train", ...tiny, "--weights", "run", "--epochs", "1"],
      ...["--out", "kept"],
    ]),
  );
  assertEquals(settingsOf("kept").boundaries, true);
  const ended = await place.unet([
    ...["train", ...tiny, "--width", "0.02", "--weights", "model.pth"],
    ...["--epochs", "1", "--out", "cut"],
  ]);
  assertMatch(
    faultOf(ended, 2),
    /^Cannot load weights ".*model\.pth": found 2 tensors that do not fit the network: head\.weight is F32 \[2,1,1,1\], expected \[1,1,1,1\]; /,
  );
});

Deno.test("train refuses a weight of borders without a border head, and starts no run", async () => {
  const ended = await place.unet([
    ...["train", ...tiny, "--width", "0.02", "--epochs", "1"],
    ...["--boundary-weight", "0.5", "--out", "none"],
  ]);
  assertEquals(
    faultOf(ended, 2),
    'Cannot use flag "--boundary-weight": found a network that predicts no borders, expected --boundaries too',
  );
  assert(
    ![...Deno.readDirSync(place.path)].some(({ name }) => name === "none"),
  );
});
