import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeModel } from "@unet/model";
import * as onnx from "onnxruntime-node";
import { contentOf } from "./_run_content.ts";
import { createTrained, tiny } from "./_tiny_run.ts";
import { assertDone, faultOf, type Place } from "./_unet.ts";

let place: Place;

const start = (out: string, ...flags: string[]): string[] => [
  ...["train", ...tiny, "--width", "0.02", "--boundaries", "--out", out],
  ...["--instance-heads", "distances,touching,directions"],
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

/** The names of a model's heads. */
async function headsOf(file: string): Promise<string[]> {
  const path = place.at(file);
  const { plan } = decodeModel(await Deno.readFile(path), path);
  return plan.task.heads.map(({ name }) => name);
}

Deno.test("train --instance-heads learns further heads in the order in which they are known, and scores those of probabilities", async () => {
  assertEquals(await headsOf("run/last/model.safetensors"), [
    ...["object", "border", "touching", "directions", "distances"],
  ]);
  const [header] = Deno.readTextFileSync(place.at("run/metrics.csv"))
    .split("\n");
  assertMatch(header!, /,borderF1,touchingF1,learningRate,/);
});

Deno.test("train --instance-heads gives the same run in a worker, and resumes to the same bits", async () => {
  assertDone(
    await place.unet(start("stopped", "--epochs", "1", "--workers", "1")),
  );
  assertDone(
    await place.unet(["train", "--resume", "stopped", "--epochs", "2"]),
  );
  assertEquals(contentOf(place.at("stopped")), contentOf(place.at("run")));
});

Deno.test("export --heads drops the others, and segment and evaluate find the same without them", async () => {
  assertDone(
    await place.unet([
      ...["export", "run", "--format", "safetensors", "--out", "a.safetensors"],
      ...["--heads", "object,border"],
    ]),
  );
  assertEquals(await headsOf("a.safetensors"), ["object", "border"]);
  const scores = await Promise.all(
    ["run", "a.safetensors"].map(async (model) => {
      const scored = await place.unet([
        ...["evaluate", "--model", model, "--data", "drawn", "--json"],
        ...["--device", "wasm"],
      ]);
      assertDone(scored);
      const { f1, instances } = JSON.parse(scored.stdout);
      return { f1, instances };
    }),
  );
  assertEquals(scores[0], scores[1]);
  const [first] = [...Deno.readDirSync(place.at("drawn"))];
  const image = `drawn/${first!.name}/images/${first!.name}.png`;
  for (const [model, out] of [["run", "all"], ["a.safetensors", "some"]]) {
    assertDone(
      await place.unet([
        ...["segment", image, "--model", model!, "--out", out!],
        ...["--device", "wasm", "--format", "labels,probability"],
      ]),
    );
  }
  for (const { name } of Deno.readDirSync(place.at("some"))) {
    if (!/\.tiff?$/.test(name)) continue;
    assertEquals(
      Deno.readFileSync(place.at("all", name)),
      Deno.readFileSync(place.at("some", name)),
    );
  }
});

Deno.test("export --format onnx gives numbers as they are, and probabilities of the rest", async () => {
  assertDone(
    await place.unet(["export", "run", "--format", "onnx", "--out", "a.onnx"]),
  );
  const session = await onnx.InferenceSession.create(place.at("a.onnx"));
  assert(session.outputNames.includes("logits"), `${session.outputNames}`);
  await session.release();
});

Deno.test("train --weights keeps further heads, and starts those at random that a model lacks", async () => {
  const kept = await place.unet([
    ...["train", "--data", "drawn", "--tile", "64", "--batch", "4"],
    ...["--weights", "run", "--out", "kept", "--epochs", "1"],
    ...["--device", "wasm", "--tiles-per-epoch", "4"],
  ]);
  assertDone(kept);
  assert(!kept.stdout.includes("random"), kept.stdout);
  assertEquals((await headsOf("kept/last/model.safetensors")).length, 5);
  const grown = await place.unet([
    ...["train", "--data", "drawn", "--tile", "64", "--batch", "4"],
    ...["--weights", "a.safetensors", "--out", "grown", "--epochs", "1"],
    ...["--device", "wasm", "--tiles-per-epoch", "4"],
    ...["--instance-heads", "directions"],
  ]);
  assertDone(grown);
  assertMatch(grown.stdout, /\nStarting at random: head\n/);
  assertEquals(await headsOf("grown/last/model.safetensors"), [
    ...["object", "border", "directions"],
  ]);
});

Deno.test("flags of heads that there are not end with a line", async () => {
  const faults = [
    [
      ["train", "--data", "drawn", "--instance-heads", "touching,gradients"],
      'Cannot use flag "--instance-heads": found "gradients", expected some of touching,directions,distances',
    ],
    [
      [
        ...["export", "run", "--format", "safetensors", "--out", "none"],
        ...["--heads", "object,classes"],
      ],
      'Cannot keep head "classes": found no head of that name, expected some of object, border, touching, directions, distances',
    ],
  ] as const;
  for (const [args, message] of faults) {
    const ended = await place.unet([...args]);
    assertEquals(faultOf(ended), message);
  }
});
